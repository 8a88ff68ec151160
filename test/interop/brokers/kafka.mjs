import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transport } from '@nestjs/microservices';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { succeed } from '../../../scripts/process/succeed.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { headerRecord } from './header-record.mjs';
import { findKafka } from './kafka-program.mjs';

const clientOf = (port) => ({
  brokers: [`127.0.0.1:${port}`],
  retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 100 },
});

/** After a restart a consumer comes back under another name, and the group waits for the one that is gone. */
const soonForgotten = { sessionTimeout: 10_000, rebalanceTimeout: 10_000 };

/**
 * One node, which is its own controller.
 *
 * @type {import('./broker.mjs').BrokerKind}
 */
export const kafka = {
  name: 'kafka',
  find: findKafka,
  async programs({ directory, port }) {
    const { classPath } = await findKafka();
    const settingsFile = join(directory, 'server.properties');
    const logSettings = join(directory, 'log4j.properties');
    writeFileSync(settingsFile, settingsOf({ directory, port, controllerPort: await freePort() }));
    writeFileSync(logSettings, logsToStandardOutput);
    const java = (...args) => ['-Xmx512m', `-Dlog4j.configuration=file:${logSettings}`, '-cp', classPath, ...args];
    const id = randomBytes(16).toString('base64url');
    const format = java('kafka.tools.StorageTool', 'format', '-t', id, '-c', settingsFile);
    await succeed(runCommand('java', format, { cwd: directory, capture: true }));
    return [{ command: 'java', args: java('kafka.Kafka', settingsFile), readyUrl: `tcp://127.0.0.1:${port}` }];
  },
  async prepare(port, topics) {
    const { default: kafkajs } = await import('kafkajs');
    const admin = new kafkajs.Kafka({ ...clientOf(port), logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const names = topics.flatMap((topic) => [topic, `${topic}.reply`]);
    await admin.createTopics({ waitForLeaders: true, topics: names.map((topic) => ({ topic })) });
    await admin.disconnect();
  },
  transport: (port) => ({
    transport: Transport.KAFKA,
    options: { client: clientOf(port), consumer: { groupId: 'models', ...soonForgotten } },
  }),
  record: (data, headers) => ({ value: data, headers: headerRecord(headers) }),
  headersOf: (context) => context.getMessage().headers,
  strange: ['', '{"bearer":"token"}', '[]', Buffer.from([0, 1, 2]), Buffer.from([0xff, 0xfe]), ['', '']].map(
    (authorization) => ({ value: {}, headers: { authorization } }),
  ),
};

function settingsOf({ directory, port, controllerPort }) {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const logsToStandardOutput = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %m%n
`;
