// Measures guarded against unguarded routes of the built @nmp/auth: `npm run bench [-- --rounds 5 --seconds 3]`.
// The server runs in a process of its own; the load, and the issuer, which nobody asks under load, are in this one.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestIssuer } from '@nmp/auth/testing';
import { figuresOf, median, tableOf } from './figures.mjs';
import { requestsPerSecond } from './load.mjs';

const distinctTokens = 100;
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' } },
});
const rounds = positive('--rounds', values.rounds);
const seconds = positive('--seconds', values.seconds);

const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform' });
const tokens = await Promise.all(Array.from({ length: distinctTokens }, (_, index) => tokenOf(index)));
const figures = [];
for (const adapter of ['express', 'fastify']) figures.push(...figuresOf(adapter, await measure(adapter)));
await issuer.close();

console.log(`\n${tableOf(figures)}`);
console.log(`\nmedian of ${rounds} rounds of ${seconds} s, 32 connections, Node ${process.versions.node}`);
const directory = join(import.meta.dirname, 'results');
mkdirSync(directory, { recursive: true });
const file = join(directory, `${new Date().toISOString().slice(0, 10)}.json`);
writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(file);

async function measure(adapter) {
  const server = fork(join(import.meta.dirname, 'server.mjs'), [adapter, issuer.issuer]);
  const died = once(server, 'exit').then(([code]) => {
    throw new Error(`the ${adapter} server ended with exit code ${code}`);
  });
  const [{ cached, uncached }] = await Promise.race([once(server, 'message'), died]);
  const routes = {
    // The same headers everywhere: parsing them is not what is measured.
    open: { url: `${cached}/open`, tokens },
    guarded: { url: `${cached}/guarded`, tokens },
    uncached: { url: `${uncached}/guarded`, tokens },
  };
  try {
    return await Promise.race([measureRoutes(adapter, routes), died]);
  } finally {
    server.disconnect();
    await died.catch(() => {});
  }
}

/** Round by round all routes in turn, so that a slow moment of the machine touches each of them. */
async function measureRoutes(adapter, routes) {
  const names = Object.keys(routes);
  for (const name of names) await requestsPerSecond(routes[name], 2);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) measured[name].push(await requestsPerSecond(routes[name], seconds));
    console.error(`${adapter}: round ${round} of ${rounds}`);
  }
  return Object.fromEntries(names.map((name) => [name, median(measured[name])]));
}

function tokenOf(index) {
  return issuer.accessToken({ subject: `user-${index}`, email: `user-${index}@example.com`, expiresInSeconds: 3600 });
}

function positive(option, value) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} must be a whole number above 0, not "${value}"`);
  return number;
}
