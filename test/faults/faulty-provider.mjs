import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TcpProxy } from './tcp-proxy.mjs';

/** An identity provider that is reached through a network and a server that can both be made to fail. */
export class FaultyProvider {
  /** How documents are answered; `undefined`: as they should be. */
  fault;
  /** How many documents it was asked for. */
  asked = 0;
  #front;

  constructor(front, network, issuer, name) {
    this.#front = front;
    this.network = network;
    this.issuer = issuer;
    /** The issuer's name: its URL. */
    this.name = name;
  }

  /**
   * @param {{ clock: { now(): Date }, host?: string }} options
   */
  static async start({ clock, host = '127.0.0.1' }) {
    const { TestIssuer } = await import('@nmp/auth/testing');
    const network = await TcpProxy.start();
    const name = `http://${host}:${network.port}`;
    const metadata = { issuer: name, jwks_uri: `${name}/jwks` };
    const issuer = await TestIssuer.start({ algorithm: 'ES256', clock, metadata, audience: 'models' });
    const front = createServer();
    const provider = new FaultyProvider(front, network, issuer, name);
    front.on('request', (request, response) => void provider.#answer(request, response));
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    network.targetPort = front.address().port;
    return provider;
  }

  /** A token that nobody has seen before. */
  token(input = {}) {
    return this.issuer.accessToken({ expiresInSeconds: 1_000_000, ...input, claims: { iss: this.name } });
  }

  async close() {
    await this.network.close();
    this.#front.close();
    this.#front.closeAllConnections();
    await this.issuer.close();
  }

  async #answer(request, response) {
    this.asked += 1;
    response.on('error', () => {});
    if (this.fault) await this.fault(request, response, () => this.#forward(request, response));
    else await this.#forward(request, response);
  }

  async #forward(request, response) {
    const upstream = send(`${this.issuer.origin}${request.url}`, { headers: request.headers, agent: false }).end();
    try {
      const [answer] = await once(upstream, 'response');
      response.writeHead(answer.statusCode, answer.headers);
      await pipeline(answer, response);
    } catch {
      response.destroy(); // whoever asked has gone, or a test that is over
    }
  }
}
