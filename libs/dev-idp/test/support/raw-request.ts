import { Agent, request } from 'node:http';
import type { DevIdp } from '../../src/index.js';

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends what no browser and no client library would send. */
export class RawClient {
  // One connection for everything: an answer that leaves it in disorder spoils the next request.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly idp: DevIdp) {}

  send({ method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
    const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': `${body.length}` };
    const options = { host: '127.0.0.1', port: this.idp.port, agent: this.#agent, method, path };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, headers: { ...length, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
