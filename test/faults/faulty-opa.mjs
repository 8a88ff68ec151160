import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const yes = { allowed: true, has_role: true };

/** A policy decision point, asked as an Open Policy Agent is, that can be made to fail. */
export class FaultyOpa {
  /** What it answers with to an input: a status and a body; `undefined` for nothing at all. */
  decide = () => ({ body: { result: yes } });
  #server;

  constructor(server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start() {
    const server = createServer();
    const opa = new FaultyOpa(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opa.url = `http://127.0.0.1:${server.address().port}`;
    return opa;
  }

  /** Works as it should again. */
  recover() {
    this.decide = () => ({ body: { result: yes } });
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request, response) {
    const { input } = await json(request);
    const answer = this.decide(input);
    if (answer === undefined) return;
    const { status = 200, body } = answer;
    response.on('error', () => {});
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
