import { NatsRecordBuilder, Transport } from '@nestjs/microservices';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { installed } from '../../../scripts/process/installed-program.mjs';

/** @type {import('./broker.mjs').BrokerKind} */
export const nats = {
  name: 'nats',
  find: () => installed('nats-server', ['--version']),
  programs: async ({ port }) => [
    { command: 'nats-server', args: ['-a', '127.0.0.1', '-p', String(port)], readyUrl: `tcp://127.0.0.1:${port}` },
  ],
  transport: (port) => ({
    transport: Transport.NATS,
    options: { servers: [`nats://127.0.0.1:${port}`], maxReconnectAttempts: -1, reconnectTimeWait: 200 },
  }),
  record: recordOf,
  headersOf(context) {
    const headers = context.getHeaders();
    return Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers.values(name)]));
  },
  strange: ['', ' ', 'Bearer', 'Bearer ', ', ,'].map((value) => recordOf({}, [['authorization', value]])),
};

function recordOf(data, headers) {
  const built = natsHeaders();
  for (const [name, value] of headers) built.append(name, value);
  return new NatsRecordBuilder(data).setHeaders(built).build();
}
