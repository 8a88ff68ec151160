import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * What a gateway takes for the platform: passes on what comes, remembers what gateways have sent, and can be away, silent
 * or talk nonsense.
 */
export class PlatformTap {
  #target;
  #server = createServer((socket) => this.#serve(socket));
  #sockets = new Set();
  #behaviour = 'passes on';
  #heard = '';

  constructor(target) {
    this.#target = target;
  }

  /** @param {number} target the port of the platform */
  static async start(target) {
    const tap = new PlatformTap(target);
    await tap.#listen(0);
    tap.port = tap.#server.address().port;
    return tap;
  }

  /** What gateways have sent since this was asked before. */
  heard() {
    const heard = this.#heard;
    this.#heard = '';
    return heard;
  }

  /** Nobody listens, while this runs. */
  async away(work) {
    await this.stop();
    try {
      return await work();
    } finally {
      await this.#listen(this.port);
    }
  }

  /** Connections are taken and nothing is answered, while this runs. */
  silent(work) {
    return this.#while('is silent', work);
  }

  /** Everything is answered with this text, while this runs. */
  answering(text, work) {
    return this.#while({ text }, work);
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#dropAll();
    await closed;
  }

  async #listen(port) {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async #while(behaviour, work) {
    this.#behaviour = behaviour;
    this.#dropAll();
    try {
      return await work();
    } finally {
      this.#behaviour = 'passes on';
      this.#dropAll();
    }
  }

  /** Connections that are kept for the next request know nothing of what has changed. */
  #dropAll() {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket) {
    this.#keep(socket);
    if (this.#behaviour === 'passes on') {
      const platform = this.#keep(connect(this.#target, '127.0.0.1'));
      socket.on('data', (bytes) => (this.#heard += bytes.toString('latin1')));
      socket.pipe(platform).pipe(socket);
      socket.once('close', () => platform.destroy());
      platform.once('close', () => socket.destroy());
    } else if (this.#behaviour === 'is silent') {
      socket.resume();
    } else {
      const { text } = this.#behaviour;
      socket.once('data', () => socket.end(text));
    }
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // 'close' follows
    return socket;
  }
}
