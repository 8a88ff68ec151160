import { equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientProxyFactory } from '@nestjs/microservices';
import { lastValueFrom, timeout } from 'rxjs';

const answersWithinMs = 20_000;
const triesForMs = 120_000;

/** One broker with a guarded microservice behind it and a client before it: what the steps are tried in. */
export class Line {
  constructor({ kind, broker, world, service, client, front }) {
    this.kind = kind;
    this.broker = broker;
    this.world = world;
    this.patterns = world.patterns;
    this.service = service;
    /** Nest's own. */
    this.client = client;
    this.front = front;
  }

  /**
   * @param {{ kind: import('./broker.mjs').BrokerKind, broker: import('./broker.mjs').Broker, world: import('./world.mjs').World }} given
   */
  static async open({ kind, broker, world }) {
    const transport = kind.transport(broker.port);
    const service = await world.startService(transport);
    const client = ClientProxyFactory.create(transport);
    try {
      // Kafka's client wants to know beforehand whose answers it will wait for.
      for (const pattern of Object.values(world.patterns)) client.subscribeToResponseOf?.(pattern);
      await client.connect();
      const front = await world.startFront(client);
      return new Line({ kind, broker, world, service, client, front });
    } catch (error) {
      await client.close();
      await service.close();
      throw error;
    }
  }

  /**
   * Sends a message and tells what came of it.
   *
   * @param {string} pattern
   * @param {readonly import('./broker.mjs').Header[]} [headers] none: the data alone
   * @param {object} [data]
   * @returns {Promise<{ value?: any, error?: any }>}
   */
  ask(pattern, headers = [], data = { call: randomUUID() }) {
    return this.#outcome(this.client.send(pattern, this.#message(data, headers)));
  }

  /** Sends what is already in the form of the transport. */
  askRaw(pattern, message) {
    return this.#outcome(this.client.send(pattern, message));
  }

  /** Sends an event; what becomes of it nobody is told. */
  async tell(pattern, headers, data = { call: randomUUID() }) {
    await lastValueFrom(this.client.emit(pattern, this.#message(data, headers)), { defaultValue: undefined });
    return data;
  }

  /** Asks, and makes sure that the caller was refused with this code and that no handler was called. */
  async refused(code, pattern, headers, data) {
    const { result, arrivals } = await this.arrivalsOf(() => this.ask(pattern, headers, data));
    equal(result.error?.code, code, `answered ${JSON.stringify(result)}`);
    equal(arrivals.length, 0, 'the handler was called');
    for (const [, value] of headers) {
      equal(JSON.stringify(result.error).includes(value), false, 'the refusal repeats what was sent');
    }
    return result.error;
  }

  /** Asks, and makes sure that the handler answered. */
  async answered(pattern, headers, data) {
    const { result, arrivals } = await this.arrivalsOf(() => this.ask(pattern, headers, data));
    equal(result.error, undefined, `refused: ${JSON.stringify(result.error)}`);
    equal(arrivals.length, 1, 'the handler was not called once');
    return { ...result.value, arrival: arrivals[0] };
  }

  /** What reached the handlers while this ran. */
  async arrivalsOf(work) {
    const { arrivals } = this.service;
    arrivals.length = 0;
    const result = await work();
    return { result, arrivals: [...arrivals] };
  }

  /** Waits until an event with this data has reached its handler. */
  async untilArrived({ call }) {
    const deadline = performance.now() + answersWithinMs;
    for (;;) {
      const arrival = this.service.arrivals.find(({ data }) => data?.call === call);
      if (arrival !== undefined) return arrival;
      if (performance.now() > deadline) throw new Error('the event has not reached its handler');
      await sleep(20);
    }
  }

  /** Asks again and again until there is an answer: after an interruption of which nobody tells when it is over. */
  async untilAnswered(pattern, headers) {
    const deadline = performance.now() + triesForMs;
    for (;;) {
      const message = this.#message({ call: randomUUID() }, headers);
      const { value, error } = await this.#outcome(this.client.send(pattern, message), 1_000);
      if (value !== undefined) return value;
      if (performance.now() > deadline) throw new Error(`no answer any more: ${JSON.stringify(error)}`);
      await sleep(100);
    }
  }

  /** Asks the service before the broker, by HTTP. */
  async throughFront(path, query, headers) {
    const response = await fetch(`${this.front.url}/${path}?${new URLSearchParams(query)}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  async close() {
    await this.front.close();
    await this.client.close();
    await this.service.close();
  }

  #message(data, headers) {
    return headers.length === 0 ? data : this.kind.record(data, headers);
  }

  #outcome(answer, withinMs = answersWithinMs) {
    return lastValueFrom(answer.pipe(timeout(withinMs))).then(
      (value) => ({ value }),
      (error) => ({ error: error instanceof Error ? { name: error.name, message: error.message } : error }),
    );
  }
}
