import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RmqRecordBuilder, Transport } from '@nestjs/microservices';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { headerRecord } from './header-record.mjs';
import { rabbitmqSteps } from './rabbitmq-steps.mjs';

// The script of the system's own service changes to an account of its own; this one does not.
const folder = '/usr/lib/rabbitmq';
const command = join(folder, 'bin', 'rabbitmq-server');

/** @type {import('./broker.mjs').BrokerKind} */
export const rabbitmq = {
  name: 'rabbitmq',
  async find() {
    if (!existsSync(command)) return { problem: `it is not installed: there is no ${command}` };
    const [, version] = /-(\d+\.\d+\.\d+)/.exec(readdirSync(join(folder, 'lib')).join(' ')) ?? [];
    return { version };
  },
  async programs({ directory, port }) {
    const names = await freePort();
    // Erlang's directory of names, which a node would start and leave behind.
    const erlang = { ERL_EPMD_PORT: String(names), ERL_EPMD_ADDRESS: '127.0.0.1' };
    const file = (name, text) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    const env = {
      ...erlang,
      RABBITMQ_NODENAME: 'nmp@localhost',
      RABBITMQ_DIST_PORT: String(await freePort()),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', `listeners.tcp.1 = 127.0.0.1:${port}\n`),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
      RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
      RABBITMQ_LOG_BASE: join(directory, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_PID_FILE: join(directory, 'rabbitmq.pid'),
    };
    return [
      { command: 'epmd', args: ['-port', String(names)], env: erlang, readyUrl: `tcp://127.0.0.1:${names}` },
      { command, args: [], env, readyUrl: `tcp://127.0.0.1:${port}` },
    ];
  },
  transport: (port) => ({
    transport: Transport.RMQ,
    options: {
      urls: [`amqp://guest:guest@127.0.0.1:${port}`],
      queue: 'models',
      queueOptions: { durable: false },
      socketOptions: { reconnectTimeInSeconds: 1 },
    },
  }),
  record: (data, headers) => new RmqRecordBuilder(data).setOptions({ headers: headerRecord(headers) }).build(),
  headersOf: (context) => context.getMessage().properties.headers ?? {},
  strange: [42, true, null, '', { bearer: 'token' }, [[]]].map((authorization) =>
    new RmqRecordBuilder({}).setOptions({ headers: { authorization } }).build(),
  ),
  steps: rabbitmqSteps,
};
