// Measures the built @nmp/auth beside its peers: `npm run bench [-- --rounds 7 --seconds 2 --adapters express,fastify]`.
// Each application is a process of its own, and so is the load; only one of them works at a time.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { TestIssuer } from '@nmp/auth/testing';
import { figureOf, median, tableOf } from './figures.mjs';
import { loadTool, requestsPerSecond } from './load.mjs';
import { writeTokens } from './tokens.mjs';
import { peers } from './variants.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    adapters: { type: 'string', default: 'express,fastify' },
    tokens: { type: 'string', default: '20000' },
  },
});
const rounds = positive('--rounds', values.rounds);
const seconds = positive('--seconds', values.seconds);
const directory = mkdtempSync(join(tmpdir(), 'nmp-bench-'));

const figures = [];
try {
  const given = await Promise.all(['RS256', 'ES256'].map(prepare));
  for (const adapter of values.adapters.split(',')) figures.push(...(await measure(adapter, given)));
  await Promise.all(given.map(({ issuer }) => issuer.close()));
} finally {
  rmSync(directory, { recursive: true });
}
figures.push(...(await measureInProcess()));

console.log(`\n${tableOf(figures)}`);
console.log(
  `\nMedian of ${rounds} rounds of ${seconds} s, ratios paired by round; 32 connections by ${loadTool}, ` +
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
);
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const file = join(results, `${new Date().toISOString().slice(0, 10)}.json`);
writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(file);

async function prepare(algorithm) {
  const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform', algorithm });
  console.error(`Signing ${values.tokens} tokens with ${algorithm}`);
  const [one, many] = [
    await writeTokens(issuer, directory, 1),
    await writeTokens(issuer, directory, positive('--tokens', values.tokens)),
  ];
  return { algorithm, issuer, one, many };
}

async function measure(adapter, [rs, es]) {
  const runs = {
    open: ['open', rs, rs.one],
    'open, many': ['open', rs, rs.many],
    warm: ['remembered', rs, rs.one],
    many: ['remembered', rs, rs.many],
    ...Object.fromEntries([rs, es].flatMap((of) => coldRuns(adapter, of))),
  };
  const servers = new Map();
  try {
    for (const [name, of] of Object.values(runs)) await startOnce(servers, adapter, name, of);
    return figuresOf(adapter, await measureRounds(adapter, runs, servers));
  } finally {
    await Promise.all([...servers.values()].map(stop));
  }
}

function coldRuns(adapter, of) {
  const names = [
    'cold',
    'raw',
    ...peers.filter((peer) => adapter === 'express' || peer !== 'express-oauth2-jwt-bearer'),
  ];
  return names.map((name) => [`${name}, ${of.algorithm}`, [name, of, of.many]]);
}

/** Round by round all runs in turn, so that a slow moment of the machine touches each of them. */
async function measureRounds(adapter, runs, servers) {
  const measured = Object.fromEntries(Object.keys(runs).map((run) => [run, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [run, [name, of, tokensFile]] of Object.entries(runs)) {
      const { url } = servers.get(keyOf(name, of));
      const rate = await requestsPerSecond({ url, tokensFile }, seconds);
      if (round > 0) measured[run].push(rate); // the first one warms up
    }
    console.error(round === 0 ? `${adapter}: warmed up` : `${adapter}: round ${round} of ${rounds}`);
  }
  return measured;
}

function figuresOf(adapter, measured) {
  const paired = (one, other) => median(measured[one].map((rate, round) => rate / measured[other][round]));
  const bestPeer = (algorithm) =>
    peers
      .map((peer) => `${peer}, ${algorithm}`)
      .filter((run) => measured[run])
      .toSorted((a, b) => median(measured[b]) - median(measured[a]))[0];
  const ratio = (figure, one, other) => figureOf(figure, adapter, paired(one, other), 'ratio');
  return [
    ...Object.keys(measured).map((run) => figureOf(run, adapter, median(measured[run]), 'requests/s')),
    ratio('warm / open', 'warm', 'open'),
    ratio('many / open', 'many', 'open, many'),
    ...['RS256', 'ES256'].flatMap((algorithm) => [
      ratio(`cold / raw, ${algorithm}`, `cold, ${algorithm}`, `raw, ${algorithm}`),
      ratio(`cold / best peer, ${algorithm}`, `cold, ${algorithm}`, bestPeer(algorithm)),
    ]),
  ];
}

async function measureInProcess() {
  const script = join(import.meta.dirname, 'in-process.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  const { heapPerToken, refuseToAccept } = JSON.parse(stdout);
  return [
    figureOf('heap per cached token', 'any', heapPerToken, 'bytes'),
    figureOf('refuse a bad signature / accept a cold token', 'any', refuseToAccept, 'ratio'),
  ];
}

async function startOnce(servers, adapter, name, { algorithm, issuer }) {
  const key = keyOf(name, { algorithm });
  if (servers.has(key)) return;
  const given = { adapter, algorithm, issuer: issuer.issuer, jwksUri: issuer.jwksUri };
  const child = fork(join(import.meta.dirname, 'server.mjs'), [name, JSON.stringify(given)]);
  const ended = once(child, 'exit');
  const [first] = await Promise.race([once(child, 'message'), ended]);
  if (typeof first?.url !== 'string') throw new Error(`${name} on ${adapter} did not start`);
  servers.set(key, { url: first.url.replace('[::1]', '127.0.0.1'), child, ended });
}

function keyOf(name, { algorithm }) {
  return `${name} ${algorithm}`;
}

async function stop({ child, ended }) {
  if (child.connected) child.disconnect();
  await ended;
}

function positive(option, value) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw new Error(`${option} must be a whole number above 0, not "${value}"`);
  }
  return number;
}
