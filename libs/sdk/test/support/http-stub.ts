import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request the stub got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body read as a form. */
  readonly form: Record<string, string>;
}

/** What the stub answers. */
export type StubAnswer =
  { status?: number; headers?: Record<string, string>; json?: unknown; text?: string } | { breakConnection: true };

/** How one path answers: always the same, in turn (the last one stays), or by what was asked. */
export type StubRoute = StubAnswer | StubAnswer[] | ((request: SeenRequest) => StubAnswer | Promise<StubAnswer>);

/** An HTTP server on a free port of this machine whose routes a test sets, and which remembers what it was asked. */
export class HttpStub {
  readonly requests: SeenRequest[] = [];
  private readonly routes = new Map<string, StubRoute>();
  private readonly answered = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<HttpStub> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stub = new HttpStub(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      stub.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    return stub;
  }

  /** @param what Method and path, such as `POST /token`. */
  on(what: string, route: StubRoute): void {
    this.routes.set(what, route);
    this.answered.delete(what);
  }

  requestsTo(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Closing twice is closing once. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', this.url);
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      form: Object.fromEntries(new URLSearchParams(body)),
    };
    this.requests.push(seen);
    send(response, await this.answerTo(seen));
  }

  private async answerTo(request: SeenRequest): Promise<StubAnswer> {
    const key = `${request.method} ${request.path}`;
    const route = this.routes.get(key);
    if (!route) return { status: 404, json: { statusCode: 404, error: 'Not Found', detail: `No route ${key}` } };
    if (typeof route === 'function') return route(request);
    if (!Array.isArray(route)) return route;
    const turn = this.answered.get(key) ?? 0;
    this.answered.set(key, turn + 1);
    return route[Math.min(turn, route.length - 1)] ?? { status: 500 };
  }
}

function send(response: ServerResponse, answer: StubAnswer): void {
  if ('breakConnection' in answer) {
    response.destroy();
    return;
  }
  const isJson = answer.json !== undefined;
  response.writeHead(answer.status ?? 200, {
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...answer.headers,
  });
  response.end(isJson ? JSON.stringify(answer.json) : (answer.text ?? ''));
}
