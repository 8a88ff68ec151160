import { deepEqual } from 'node:assert/strict';
import { ClientProxyFactory } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

const unsettled = 2;

/** What only RabbitMQ has. */
export const rabbitmqSteps = {
  'with acknowledgements by hand, refused messages do not keep others waiting': async ({ kind, broker, world }) => {
    const { transport, options } = kind.transport(broker.port);
    const ownQueue = { ...options, queue: 'models.by-hand' };
    const server = { transport, options: { ...ownQueue, noAck: false, prefetchCount: unsettled } };
    const service = await world.startAcknowledgingService(server);
    /** @type {import('@nestjs/microservices').ClientProxy} */
    const client = ClientProxyFactory.create({ transport, options: ownQueue });
    const ask = (...headers) => {
      const answer = lastValueFrom(client.send(world.patterns.whoami, kind.record({}, headers)));
      return answer.then(
        ({ caller }) => caller.id,
        ({ code }) => code,
      );
    };
    try {
      const codes = [];
      for (let message = 0; message < 2 * unsettled; message += 1) codes.push(await ask());
      codes.push(await ask(await world.bearer({ subject: 'alice' })));
      deepEqual(codes, [...Array.from({ length: 2 * unsettled }, () => 'missing_token'), 'alice']);
    } finally {
      await client.close();
      await service.close();
    }
  },
};
