import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server for documents that no proper issuer would serve so. */
export interface OddServer {
  readonly origin: string;
  /** The requests it had, in order. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<unknown>;
}

/** Starts a server on a free port of this machine. */
export async function startServer(listener: RequestListener): Promise<OddServer> {
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  const close = async (): Promise<unknown> => {
    server.close();
    server.closeAllConnections();
    return once(server, 'close');
  };
  return { origin: `http://127.0.0.1:${port}`, requests, close };
}

/** Answers with a JSON document. */
export function sendDocument(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
