import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * A connection on which one request is under way at a time. It reads of an answer what has to be known and no more, so
 * that the load needs less of the machine than what it is put on.
 *
 * @typedef {{ status: number, hasRetryAfter: boolean } | { problem: string }} Answer
 */
export class Connection {
  #address;
  #socket;
  #received = '';
  #done;

  /** @param {{ host: string, port: number }} address */
  constructor(address) {
    this.#address = address;
  }

  /** Connects beforehand, so that what is measured are requests. */
  async open() {
    this.#open();
    await once(this.#socket, 'connect');
  }

  /**
   * @param {string} request as it goes over the wire
   * @param {(answer: Answer) => void} done
   */
  send(request, done) {
    this.#done = done;
    if (this.#socket === undefined) this.#open();
    this.#socket.write(request, 'latin1');
  }

  end() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open() {
    const socket = connect(this.#address).setNoDelay().setEncoding('latin1');
    this.#socket = socket;
    this.#received = '';
    let problem = 'the connection was closed';
    socket.on('data', (text) => this.#read(text));
    socket.on('error', (error) => {
      problem = error.code ?? error.message;
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#finish({ problem });
    });
  }

  #read(text) {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < headEnd + 4 + length) return;
    this.#received = '';
    const status = Number(head.slice(9, 12));
    if (/\r\nconnection: close/i.test(head)) this.end();
    this.#finish({ status, hasRetryAfter: status === 503 && /\r\nretry-after: \d/i.test(head) });
  }

  #finish(answer) {
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
  }
}
