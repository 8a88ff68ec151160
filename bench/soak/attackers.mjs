import { join } from 'node:path';
import { ApplicationProcess } from '../application-process.mjs';
import { failed, figuresFor, rateOf } from './load-figures.mjs';

const share = 0.1;
const distinctCallers = 10_000;
const hostileConnections = 32;
const endlessConnections = 1_000;
const oversizedToken = 1_000_000;
const oversizedHeader = 100_000;

/**
 * What honest callers get while others attack with a tenth of what the application can do. Before each attack it is
 * measured what they get without.
 *
 * @param {import('./stage.mjs').Stage} stage
 * @param {{ seconds: number, capacity: number, connections: number }} how
 */
export async function measureAttacks(stage, { seconds, capacity, connections }) {
  const strangers = new ApplicationProcess(join(import.meta.dirname, 'load.mjs'), []);
  const hostile = new ApplicationProcess(join(import.meta.dirname, 'hostile.mjs'), []);
  try {
    await Promise.all([strangers.ready(), hostile.ready()]);
    const { address, paths } = stage;
    const rate = share * capacity;
    await strangers.ask('aim', { address, paths, tokens: await stage.issuer.inventedTokens(distinctCallers) });
    const oversized = (header, bytes) => () => hostile.ask('oversized', { address, seconds, rate, header, bytes });
    const attacks = {
      'invented key ids': () => strangers.ask('atRate', { seconds, rate, connections: hostileConnections }),
      'tokens of 1 MB': oversized('Authorization: Bearer ', oversizedToken),
      'headers of 100 KB': oversized('X-Filler: ', oversizedHeader),
      'endless requests': () => hostile.ask('endless', { address, seconds, connections: endlessConnections }),
    };
    const figures = [];
    for (const [name, attack] of Object.entries(attacks)) {
      figures.push(...(await measureAttack(stage, name, attack, { seconds, connections })));
    }
    return figures;
  } finally {
    await Promise.all([strangers, hostile].map((process) => process.end()));
  }
}

async function measureAttack({ application, load }, name, attack, { seconds, connections }) {
  const alone = await load.ask('asFastAsAnswered', { seconds, connections });
  const [beside, sent] = await Promise.all([load.ask('asFastAsAnswered', { seconds, connections }), attack()]);
  const { of, none } = figuresFor(application, name);
  return [
    of('attacks', attacksOf(sent) / seconds, 'requests/s'),
    none('honest requests that failed', failed(alone) + failed(beside)),
    of('throughput lost', 100 * (1 - rateOf(beside) / rateOf(alone)), '%'),
    of('p99 without', alone.p99, 'ms'),
    of('p99', beside.p99, 'ms'),
  ];
}

function attacksOf({ sent, statuses = {} }) {
  return sent ?? Object.values(statuses).reduce((total, count) => total + count, 0);
}
