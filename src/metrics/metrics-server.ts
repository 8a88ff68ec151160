import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { errorBody } from '../http/error-body.js';
import { apiHeaders } from '../http/security-headers.js';
import { withoutQuery } from '@nmp/tokens';
import { FiguresText } from './figures-text.js';

const TIMEOUT_MS = 10_000;

/** Serves the figures, and nothing else, at a port of their own. */
export class MetricsServer {
  private readonly server: Server;
  private readonly text: FiguresText;

  constructor(private readonly registry: Pick<Registry, 'metrics' | 'contentType'>) {
    this.text = new FiguresText(registry);
    const options = { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, keepAliveTimeout: 6 * TIMEOUT_MS };
    this.server = createServer(options, (request, response) => void this.answer(request, response));
  }

  /** @returns the URL it can be reached at. */
  async listen(port: number, host: string): Promise<string> {
    await once(this.server.listen(port, host), 'listening');
    const { address, family, port: own } = this.server.address() as AddressInfo; // it listens at a port
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${own}/metrics`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer({ method, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (withoutQuery(url) !== '/metrics') return refuse(response, 404, 'Only /metrics is served here');
    if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'It can only be read');
    try {
      const text = await this.text.read();
      response.writeHead(200, { ...apiHeaders, 'content-type': this.registry.contentType });
      response.end(method === 'HEAD' ? undefined : text);
    } catch {
      refuse(response, 500, 'Internal server error');
    }
  }
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { ...apiHeaders, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(errorBody(status, detail)));
}
