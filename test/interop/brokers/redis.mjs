import { Transport } from '@nestjs/microservices';
import { installed } from '../../../scripts/process/installed-program.mjs';
import { headerRecord } from './header-record.mjs';
import { redisSteps } from './redis-steps.mjs';

const noHeaders = 'messages of Redis have no headers';

/** @type {import('./broker.mjs').BrokerKind} */
export const redis = {
  name: 'redis',
  find: () => installed('redis-server', ['--version']),
  programs: async ({ port }) => [
    {
      command: 'redis-server',
      args: ['--bind', '127.0.0.1', '--port', String(port), '--save', ''],
      readyUrl: `tcp://127.0.0.1:${port}`,
    },
  ],
  transport: (port) => ({
    transport: Transport.REDIS,
    // Without these Nest gives up when the connection is lost.
    options: { host: '127.0.0.1', port, retryAttempts: 1000, retryDelay: 200 },
  }),
  // The form that is documented where a transport has no headers.
  record: (data, headers) => ({ 'nmp:headers': headerRecord(headers), 'nmp:data': data }),
  headersOf: (context) => context.getMetadata() ?? {},
  strange: [
    ...[null, 42, 'authorization', [], {}].map((headers) => ({ 'nmp:headers': headers, 'nmp:data': {} })),
    ...[42, null, '', {}, [[]]].map((authorization) => ({ 'nmp:headers': { authorization } })),
    [{ 'nmp:headers': { authorization: 'Bearer of-nobody' } }],
    'nmp:headers',
  ],
  steps: redisSteps,
  notOffered: {
    'a record of the application’s keeps its headers': noHeaders,
    'and its own authorization is not overwritten': noHeaders,
  },
};
