import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './brokers/broker.mjs';
import { crowdSteps } from './brokers/crowd-steps.mjs';
import { eventSteps } from './brokers/event-steps.mjs';
import { headerSteps } from './brokers/header-steps.mjs';
import { kafka } from './brokers/kafka.mjs';
import { Line } from './brokers/line.mjs';
import { mosquitto } from './brokers/mosquitto.mjs';
import { nats } from './brokers/nats.mjs';
import { rabbitmq } from './brokers/rabbitmq.mjs';
import { redis } from './brokers/redis.mjs';
import { sendingSteps } from './brokers/sending-steps.mjs';
import { printVerdicts, verdictSteps } from './brokers/verdict-steps.mjs';
import { World } from './brokers/world.mjs';

const allKinds = [redis, nats, mosquitto, rabbitmq, kafka];
// The one without headers, and the one most like them: the quickest to start.
const shortRun = [redis, nats];
const isShort = process.env.NMP_INTEROP === 'short';
const steps = { ...verdictSteps, ...headerSteps, ...eventSteps, ...sendingSteps, ...crowdSteps };

/**
 * Guarded microservices behind real message brokers: the same steps with each of them. Needs the built libraries.
 *
 * @param {object} given
 * @param {import('../../scripts/process/tally.mjs').Tally} given.tally
 * @param {readonly import('./brokers/broker.mjs').BrokerKind[]} [given.kinds] all; with `NMP_INTEROP=short` two of them
 */
export async function brokerSuite({ tally, kinds = isShort ? shortRun : allKinds }) {
  const leftOut = allKinds.filter((kind) => !kinds.includes(kind)).map(({ name }) => name);
  if (leftOut.length > 0) console.log(`\nNot in a short run: ${leftOut.join(', ')}`);
  const directory = mkdtempSync(join(tmpdir(), 'nmp-brokers-'));
  const before = tally.parts.length;
  const world = await World.start();
  try {
    for (const kind of kinds) await tryKind({ tally, kind, world, directory });
  } finally {
    await world.close();
    rmSync(directory, { recursive: true, force: true });
  }
  printVerdicts(tally.parts.slice(before));
}

async function tryKind({ tally, kind, world, directory }) {
  const { problem, version = '' } = await kind.find();
  tally.begin({ name: kind.name, version, kind: 'broker' });
  if (problem === undefined) await tryBroker({ tally, kind, world, directory });
  else tally.unavailable(kind.name, problem);
  tally.end();
}

async function tryBroker({ tally, kind, world, directory }) {
  const topics = Object.values(world.patterns);
  const broker = await tally.run('starts', () => Broker.start(kind, { directory, topics }));
  if (broker === undefined) return;
  try {
    const line = await tally.run('a guarded service and a client connect', () => Line.open({ kind, broker, world }));
    if (line === undefined) return;
    try {
      for (const [name, step] of Object.entries({ ...steps, ...kind.steps })) {
        const reason = kind.notOffered?.[name];
        if (reason === undefined) await tally.run(name, () => step(line));
        else tally.notOffered(name, reason);
      }
    } finally {
      await line.close();
    }
  } finally {
    await broker.stop();
  }
}
