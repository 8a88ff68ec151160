import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestIssuer } from '@nmp/auth/testing';
import { installed } from '../scripts/process/installed-program.mjs';
import { ServerProcess } from '../scripts/process/server-process.mjs';
import { freePort } from '../scripts/quickstart/ports.mjs';
import { ApplicationProcess } from './application-process.mjs';
import { ratioOf } from './comparison.mjs';
import { figureOf, median, unavailable } from './figures.mjs';
import { progress } from './progress.mjs';
import { rpcLines } from './rpc-lines.mjs';
import { forged, tokenOf } from './tokens.mjs';

const server = join(import.meta.dirname, 'rpc-server.mjs');
const inFlight = 32;
const warmUpSeconds = 4;
const leadInSeconds = 1;

/**
 * What the guard costs a microservice: messages a second to an open handler, to one with a guard that does nothing, and to
 * a guarded one, whose token is remembered, in turns. All get the same messages.
 *
 * @param {{ rounds: number, seconds: number }} how
 */
export async function measureRpc(how) {
  const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform' });
  try {
    return [...(await measureTransport('tcp', issuer, how)), ...(await measureNats(issuer, how))];
  } finally {
    await issuer.close();
  }
}

async function measureNats(issuer, how) {
  const { problem, command } = await installed('nats-server', ['--version']);
  if (problem !== undefined) {
    progress(`rpc, nats: ${problem}`);
    return [unavailable('rpc warm / open', 'nats')];
  }
  const directory = mkdtempSync(join(tmpdir(), 'nmp-bench-nats-'));
  const port = await freePort();
  const place = { logFile: join(directory, 'nats.log'), readyUrl: `tcp://127.0.0.1:${port}`, readyWithinMs: 60_000 };
  const broker = await ServerProcess.start({ command, args: ['-a', '127.0.0.1', '-p', String(port)], ...place });
  try {
    return await measureTransport('nats', issuer, how, port);
  } finally {
    await broker.stop();
    rmSync(directory, { recursive: true });
  }
}

async function measureTransport(transport, issuer, { rounds, seconds }, brokerPort) {
  const token = await tokenOf(issuer, 0);
  const runs = {};
  try {
    for (const [name, application] of Object.entries({ open: 'open', empty: 'empty', warm: 'guarded' })) {
      const port = brokerPort ?? (await freePort());
      const given = { transport, port, pattern: `${name}.items`, issuer: issuer.issuer };
      runs[name] = await started(application, given, token);
    }
    progress(`rpc, ${transport}: all answer, and the guarded one refuses a forged token`);

    const rates = { open: [], empty: [], warm: [] };
    const byCpuTime = { open: [], empty: [], warm: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, run] of Object.entries(runs)) {
        await messagesPerSecond(run.line, round === 0 ? warmUpSeconds : leadInSeconds);
        if (round === 0) continue;
        const before = await run.process.cpuSeconds();
        const rate = await messagesPerSecond(run.line, seconds);
        rates[name].push(rate);
        byCpuTime[name].push((rate * seconds) / ((await run.process.cpuSeconds()) - before));
      }
      progress(round === 0 ? `rpc, ${transport}: warmed up` : `rpc, ${transport}: round ${round} of ${rounds}`);
    }
    return figuresOf(transport, rates, byCpuTime);
  } finally {
    for (const { line, process } of Object.values(runs)) {
      await line.close();
      await process.end();
    }
  }
}

function figuresOf(transport, rates, byCpuTime) {
  const isTold = Object.values(byCpuTime).flat().every(Number.isFinite); // where the system tells processor time
  return [
    figureOf('rpc open', transport, median(rates.open), 'messages/s'),
    figureOf('rpc warm', transport, median(rates.warm), 'messages/s'),
    ...ratiosOf(transport, '', rates),
    ...(isTold ? ratiosOf(transport, ', by CPU time', byCpuTime) : []),
  ];
}

/** Nest's own share, too: of a guard that does nothing. */
function ratiosOf(transport, how, rates) {
  return [
    figureOf(`rpc warm / open${how}`, transport, ratioOf(rates, 'warm', 'open'), 'ratio'),
    figureOf(`rpc empty guard / open${how}`, transport, ratioOf(rates, 'empty', 'open'), 'ratio'),
    figureOf(`rpc warm / empty guard${how}`, transport, ratioOf(rates, 'warm', 'empty'), 'ratio'),
  ];
}

/** A microservice in a process of its own, of which is certain that it does what it is measured for. */
async function started(application, given, token) {
  const process = new ApplicationProcess(server, [application, JSON.stringify(given)]);
  await process.ready();
  const lineWith = (text) => rpcLines[given.transport]({ ...given, authorization: `Bearer ${text}` });
  const line = await lineWith(token);
  const { err } = await answerTo(line);
  if (err !== undefined) throw new Error(`${application} refused a good token: ${JSON.stringify(err)}`);
  const other = await lineWith(forged(token));
  const { err: refusal } = await answerTo(other);
  await other.close();
  const expected = application === 'guarded' ? 'token_signature' : undefined;
  if (refusal?.code !== expected) throw new Error(`${application} said ${refusal?.code} to a forged token`);
  return { line, process };
}

function answerTo(line) {
  return new Promise((resolve) => {
    line.onAnswer = (read) => resolve(read());
    line.send();
  });
}

/** Always as many messages are on their way. */
function messagesPerSecond(line, seconds) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let answered = 0;
    let onTheWay = inFlight;
    line.onAnswer = () => {
      answered += 1;
      const passedSeconds = (performance.now() - startedAt) / 1000;
      if (passedSeconds < seconds) return line.send();
      onTheWay -= 1;
      if (onTheWay === 0) resolve(answered / passedSeconds);
      return undefined;
    };
    for (let message = 0; message < inFlight; message += 1) line.send();
  });
}
