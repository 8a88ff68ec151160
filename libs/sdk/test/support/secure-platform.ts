import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from './certificate.js';

/** A platform behind TLS whose certificate nobody trusts who was not told to. */
export class SecurePlatform {
  private constructor(
    private readonly server: Server,
    readonly url: string,
    /** The certificate, in PEM form. */
    readonly authority: string,
  ) {}

  /** @param answers What it answers, by path; anything else is 404. */
  static async start(answers: (path: string) => unknown): Promise<SecurePlatform> {
    const { cert, key } = selfSignedCertificate('localhost');
    const answer: RequestListener = ({ url = '' }, response) => {
      const value = answers(url);
      response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value ?? { detail: `No ${url}` }));
    };
    const server = createServer({ cert, key }, answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SecurePlatform(server, `https://localhost:${(server.address() as AddressInfo).port}`, cert);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
