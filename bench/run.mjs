// Measures the built @nmp/auth beside its peers: `npm run bench [-- PART… --rounds 11 --seconds 1 --adapters express,fastify]`.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { measureBootstrap } from './bootstrap.mjs';
import { measureCommandLine } from './cli.mjs';
import { twoCores } from './cores.mjs';
import { figureOf, tableOf } from './figures.mjs';
import { prepare } from './given.mjs';
import { loadTool } from './load.mjs';
import { progress } from './progress.mjs';
import { measureRounds } from './rounds.mjs';
import { ownFigures, peerFigures, rateFigures } from './route-figures.mjs';
import { measureRpc } from './rpc.mjs';
import { ownRuns, peerRuns } from './runs.mjs';
import { measureSoak } from './soak.mjs';
import { writeLoadPage } from './soak/load-page.mjs';

const parts = {
  routes: measureAdapters,
  'in-process': measureInProcess,
  policy: () => measuredBy('policy.mjs'),
  listing: () => measuredBy('listing.mjs'),
  rpc: () => measureRpc({ rounds, seconds }),
  cli: () => measureCommandLine(rounds),
};
/** Measured only when they are asked for. */
const apart = {
  soak: () => measureSoak({ seconds: soakSeconds, applications: values.applications.split(',') }),
};
const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    adapters: { type: 'string', default: 'express,fastify' },
    applications: { type: 'string', default: 'platform,library' },
    tokens: { type: 'string', default: '20000' },
  },
});
const rounds = positive('--rounds', values.rounds);
const seconds = positive('--seconds', values.seconds ?? '1');
const soakSeconds = positive('--seconds', values.seconds ?? (values.long ? '600' : '30'));
const oneCoreRounds = Math.min(5, rounds);
const known = Object.keys({ ...parts, ...apart });
const strange = asked.find((part) => !known.includes(part));
if (strange !== undefined) throw new Error(`there is no part "${strange}"; known: ${known.join(', ')}`);

const [workBeside] = loadavg();
const figures = [];
for (const [part, measure] of Object.entries({ ...parts, ...apart })) {
  if (asked.includes(part) || (asked.length === 0 && part in parts)) figures.push(...(await measure()));
}

console.log(`\n${tableOf(figures)}`);
const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
const byRounds =
  `Median of ${rounds} rounds of ${seconds} s, of one core ${oneCoreRounds}, ratios paired by round; ` +
  `32 connections by ${loadTool}`;
const isOnlyApart = asked.length > 0 && asked.every((part) => part in apart);
console.log(`\n${isOnlyApart ? `${soakSeconds} s of steady load` : byRounds}, ${machine}`);
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
const file = join(results, `${[new Date().toISOString().slice(0, 10), ...asked].join('-')}.json`);
writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(file);
if (values.write && asked.includes('soak')) {
  const date = new Date().toISOString().slice(0, 10);
  const others = `with ${workBeside.toFixed(1)} other processes at work when it began`;
  writeLoadPage(figures, {
    seconds: soakSeconds,
    circumstances: `Measured ${date} for ${soakSeconds} s, ${others}; ${machine}.`,
  });
}
// A speed that was not reached is for people to judge; a request that failed is not.
if (figures.some(({ target, met }) => target === 0 && !met)) process.exitCode = 1;

async function measureAdapters() {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-bench-'));
  const measured = [];
  try {
    const given = await prepare(directory, positive('--tokens', values.tokens));
    const cores = await twoCores();
    if (!cores) progress('no figures of one core: they need taskset and a second core');
    for (const adapter of values.adapters.split(',')) {
      measured.push(...(await measureRoutes(adapter, given)));
      if (cores) measured.push(...(await measureOneCore(adapter, given, cores)));
      measured.push(...(await measureBootstrap(adapter, rounds)));
    }
    await given.close();
    return measured;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function measureRoutes(adapter, given) {
  const runs = { ...ownRuns(adapter, given), ...peerRuns(adapter, given) };
  const { rates, byCpuTime } = await measureRounds(adapter, runs, { rounds, seconds });
  return [
    ...rateFigures(adapter, rates),
    ...ownFigures(adapter, rates),
    ...peerFigures(adapter, rates),
    ...(byCpuTime ? ownFigures(adapter, byCpuTime, ', by CPU time') : []),
  ];
}

/** The same on a server that has one core, all its threads together, and a load that has the other. */
async function measureOneCore(adapter, given, cores) {
  const how = { rounds: oneCoreRounds, seconds, cores };
  const { rates } = await measureRounds(`${adapter}, one core`, ownRuns(adapter, given), how);
  return ownFigures(adapter, rates, ', one core');
}

async function measuredBy(script) {
  const measured = await figuresOf(script);
  progress(`figures of ${script}`);
  return measured;
}

/** Runs a script in a process of its own that prints figures. */
async function figuresOf(script) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', join(import.meta.dirname, script)]);
  return JSON.parse(stdout);
}

async function measureInProcess() {
  const { heapPerToken, refuseToAccept } = await figuresOf('in-process.mjs');
  progress('memory and single verdicts');
  return [
    figureOf('heap per cached token', 'any', heapPerToken, 'bytes'),
    figureOf('refuse a bad signature / accept a cold token', 'any', refuseToAccept, 'ratio'),
  ];
}

function positive(option, value) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw new Error(`${option} must be a whole number above 0, not "${value}"`);
  }
  return number;
}
