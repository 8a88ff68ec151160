import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A proxy in front of several instances, as nginx is by default: one after the other; a request on which the instance
 * failed goes to the next one, unless it may have been done already.
 */
export class Balancer {
  /** How many requests went to another instance. */
  repeated = 0;
  #server;
  #ports;
  #turn = 0;
  #agent = new Agent({ keepAlive: true });

  constructor(server, ports) {
    this.#server = server;
    this.#ports = ports;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(ports) {
    const server = createServer();
    const balancer = new Balancer(server, ports);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    balancer.url = `http://127.0.0.1:${server.address().port}`;
    return balancer;
  }

  async close() {
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request, response) {
    const body = await buffer(request);
    const first = this.#turn++;
    for (let attempt = 0; attempt < this.#ports.length; attempt += 1) {
      const port = this.#ports[(first + attempt) % this.#ports.length];
      if (attempt > 0) this.repeated += 1;
      const outcome = await this.#pass(port, request, body);
      if (outcome.answer !== undefined) {
        response.writeHead(outcome.answer.status, outcome.answer.headers).end(outcome.answer.body);
        return;
      }
      if (!outcome.isUntouched && !safeMethods.has(request.method)) break;
    }
    response.writeHead(502).end();
  }

  /** An answer that breaks off in the middle is none. */
  async #pass(port, { method, url, headers }, body) {
    const { 'transfer-encoding': _chunked, ...kept } = headers;
    const upstream = send({ host: '127.0.0.1', port, method, path: url, headers: kept, agent: this.#agent });
    let isUntouched = true;
    upstream.on('socket', (socket) => {
      // On a connection that was there already, nobody can tell.
      if (!socket.connecting) isUntouched = false;
      else socket.once('connect', () => void (isUntouched = false));
    });
    try {
      upstream.end(body);
      const [answer] = await once(upstream, 'response');
      const received = await buffer(answer);
      const { connection: _hop, 'transfer-encoding': _coding, ...shown } = answer.headers;
      return { answer: { status: answer.statusCode, headers: shown, body: received } };
    } catch {
      return { isUntouched };
    }
  }
}
