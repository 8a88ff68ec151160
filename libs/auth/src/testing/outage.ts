import type { IncomingMessage, ServerResponse } from 'node:http';

/** How an issuer fails: it ends every connection, never answers, or answers with a status and a body. */
export type Outage = 'refuse' | 'hang' | { status: number; body?: string; headers?: Record<string, string> };

/** Fails as told. */
export function failAs(outage: Outage, request: IncomingMessage, response: ServerResponse): void {
  if (outage === 'refuse') request.socket.destroy();
  else if (outage !== 'hang') response.writeHead(outage.status, outage.headers).end(outage.body);
}
