import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * Ends an answer whose turn did not come before its connection was gone. Node tells only the one that was being written;
 * without this the others keep the files they were to be read from open, for ever.
 */
export function endUnwritten(response: ServerResponse): void {
  if (response.socket !== null) return;
  response.destroy(); // takes effect on the connection that it gets
  response.assignSocket(new Socket());
}
