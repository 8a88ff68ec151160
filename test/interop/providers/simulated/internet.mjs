import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { environmentFetch } from '@nmp/sdk';
import '../../../../libs/sdk/test/support/typescript-register.mjs';

const { selfSignedCertificate } = await import('../../../../libs/sdk/test/support/certificate.ts');

/**
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [json]
 * @property {string} [text]
 * @property {boolean} [breakConnection] instead of an answer
 */

/**
 * A few hosts under their own names, by TLS with a private authority, behind a proxy such as companies have: programs that
 * get there use the addresses that they would use anywhere.
 */
export class Internet {
  /** Hosts that were asked for and are not there. */
  strangers = [];
  #hosts;
  #answer;
  #proxy = createServer();
  #server;
  #tunnels = new Set();
  #isDown = false;
  #certificates;

  constructor({ hosts, directory, answer }) {
    this.#hosts = new Set(hosts);
    this.#answer = answer;
    const { cert, key } = selfSignedCertificate(...new Set(hosts.map((host) => new URL(`https://${host}`).hostname)));
    this.#certificates = join(directory, 'authority.pem');
    writeFileSync(this.#certificates, cert);
    this.#server = createSecureServer({ cert, key }, (request, response) => {
      // A client that goes away while it is answered is no matter of ours.
      this.#respond(request, response).catch((error) => response.destroy(error));
    });
    this.#proxy.on('connect', (request, socket, head) => this.#tunnel(request, socket, head));
  }

  /**
   * @param {{ hosts: readonly string[], directory: string, answer: (request: { method: string, url: URL, form: Record<string, string> }) => Answer | Promise<Answer> }} options
   *   `hosts` with their ports, where these are not 443; `directory` for the certificate
   */
  static async start(options) {
    const internet = new Internet(options);
    await Promise.all([listen(internet.#server), listen(internet.#proxy)]);
    return internet;
  }

  /** What the command line program needs to get there. */
  get commandEnvironment() {
    return { ...this.#proxyEnvironment, NMP_CLIENT_SSL_CERT_FILE: this.#certificates };
  }

  /** What a service needs to get there. */
  get serviceEnvironment() {
    return { ...this.#proxyEnvironment, NODE_EXTRA_CA_CERTS: this.#certificates };
  }

  /** A fetch that gets there. */
  get fetch() {
    return environmentFetch(this.commandEnvironment);
  }

  /** Nobody gets there any more; what is under way ends. */
  goDown() {
    this.#isDown = true;
    for (const socket of this.#tunnels) socket.destroy();
  }

  comeBack() {
    this.#isDown = false;
  }

  async close() {
    this.goDown();
    for (const server of [this.#proxy, this.#server]) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  }

  get #proxyEnvironment() {
    const proxy = `http://127.0.0.1:${this.#proxy.address().port}`;
    return { HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' };
  }

  #tunnel({ url }, socket, head) {
    const host = url.replace(/:443$/, '');
    const isKnown = this.#hosts.has(host);
    if (!isKnown) this.strangers.push(host);
    socket.on('error', () => socket.destroy());
    if (this.#isDown || !isKnown) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const target = connect(this.#server.address().port, '127.0.0.1');
    for (const [end, other] of [
      [socket, target],
      [target, socket],
    ]) {
      this.#tunnels.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        this.#tunnels.delete(end);
        other.destroy();
      });
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    target.write(head);
    socket.pipe(target).pipe(socket);
  }

  async #respond(request, response) {
    const url = new URL(request.url, `https://${request.headers.host}`);
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    const answer = await this.#answer({ method: request.method, url, form });
    const { status = 200, headers = {}, json, text = '', breakConnection = false } = answer;
    if (breakConnection) return request.socket.destroy();
    const body = json === undefined ? text : JSON.stringify(json);
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    return response.writeHead(status, { ...type, ...headers }).end(body);
  }
}

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
