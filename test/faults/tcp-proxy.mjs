import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A network that can be made to fail: every connection goes through it to a server on this machine. */
export class TcpProxy {
  /** How many bytes have come back from the server. */
  bytesFromServer = 0;
  #server;
  #pairs = new Set();
  #isFrozen = false;
  #isRefusing = false;

  constructor(server, targetPort) {
    this.#server = server;
    this.targetPort = targetPort;
    server.on('connection', (client) => this.#admit(client));
  }

  /** @param {number} [targetPort] may be told later */
  static async start(targetPort) {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, targetPort);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy.port = server.address().port;
    proxy.origin = `http://127.0.0.1:${proxy.port}`;
    return proxy;
  }

  /** Resets every connection there is; new ones may be made. */
  reset() {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** Resets what there is, and every connection that is made. */
  refuse() {
    this.#isRefusing = true;
    this.reset();
  }

  /** Half-open: connections stay, and new ones are taken, but nothing comes through any more. */
  freeze() {
    this.#isFrozen = true;
    for (const pair of this.#pairs) pair.silence();
  }

  /** New connections work again; those that were frozen stay so for the client, and the server notices their end. */
  pass() {
    this.#isRefusing = false;
    this.#isFrozen = false;
    for (const { upstream, isSilent } of this.#pairs) if (isSilent) upstream.destroy();
  }

  async close() {
    this.#server.close();
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #admit(client) {
    client.on('error', () => {});
    if (this.#isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: this.targetPort, allowHalfOpen: true });
    upstream.on('error', () => client.resetAndDestroy());
    client.on('error', () => upstream.destroy());
    const pair = { client, upstream, isSilent: false, silence: () => silence(pair) };
    this.#pairs.add(pair);
    client.on('close', () => {
      this.#pairs.delete(pair);
      upstream.destroy();
    });
    client.pipe(upstream);
    upstream.pipe(client);
    upstream.on('data', (chunk) => {
      this.bytesFromServer += chunk.length;
    });
    upstream.on('close', () => pair.isSilent || client.destroy());
    if (this.#isFrozen) pair.silence();
  }
}

function silence(pair) {
  const { client, upstream } = pair;
  pair.isSilent = true;
  client.unpipe(upstream);
  upstream.unpipe(client);
  // What arrives is taken, and lost.
  client.resume();
  upstream.resume();
}
