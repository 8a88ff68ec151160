import { send, sendRaw } from './client.mjs';
import { Gateway } from './gateway.mjs';
import { gatewaySecret, hopAudience } from './backstage.mjs';

/** One gateway in one mode, with everything behind it: what the steps of the contract are tried in. */
export class Passage {
  #gateway;

  constructor(backstage, gateway, { mode, answers }) {
    this.backstage = backstage;
    this.#gateway = gateway;
    this.mode = mode;
    this.answers = answers;
    this.service = backstage.services[mode];
  }

  /**
   * @param {{ backstage: import('./backstage.mjs').Backstage, program: import('./gateway.mjs').GatewayProgram, command: string, mode: string, directory: string }} given
   */
  static async open({ backstage, program, command, mode, directory }) {
    const values = {
      PLATFORM_HOST: '127.0.0.1',
      PLATFORM_PORT: String(backstage.tap.port),
      SERVICE_HOST: '127.0.0.1',
      SERVICE_PORT: String(backstage.services[mode].port),
      GATEWAY_SECRET: gatewaySecret,
      HOP_AUDIENCE: hopAudience,
    };
    const gateway = await Gateway.start(program, { command, mode, directory, values });
    return new Passage(backstage, gateway, { mode, answers: program.answers });
  }

  get port() {
    return this.#gateway.port;
  }

  token(input) {
    return this.backstage.token(input);
  }

  send(what) {
    return send(this.port, what);
  }

  sendRaw(lines) {
    return sendRaw(this.port, lines);
  }

  /** Sends to the service itself, past the gateway. */
  sendPast(what) {
    return send(this.service.port, what);
  }

  /** What reached the service while this ran. */
  async arrivalsOf(work) {
    const { arrivals } = this.service;
    arrivals.length = 0;
    const result = await work();
    return { result, arrivals: [...arrivals] };
  }

  async close() {
    await this.#gateway.stop();
  }
}
