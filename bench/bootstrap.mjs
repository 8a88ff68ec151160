import { join } from 'node:path';
import { TestIssuer } from '@nmp/auth/testing';
import { ApplicationProcess } from './application-process.mjs';
import { figureOf, median } from './figures.mjs';
import { progress } from './progress.mjs';

const script = join(import.meta.dirname, 'bootstrap-app.mjs');

/**
 * Measures what the module adds to the start of an application: with it and without it in fresh processes, the
 * differences paired by round; and once more with an issuer that takes connections and never answers.
 *
 * @param {string} adapter
 * @param {number} rounds
 */
export async function measureBootstrap(adapter, rounds) {
  const [answering, silent] = await Promise.all([TestIssuer.start(), TestIssuer.start()]);
  silent.fail('hang');
  const added = [];
  const addedInSilence = [];
  for (let round = 0; round <= rounds; round += 1) {
    const without = await start('open', { adapter });
    const withModule = await start('cold', { adapter, issuer: answering.issuer, tokens: 1 });
    const inSilence = await start('cold', { adapter, issuer: silent.issuer, tokens: 1 });
    if (round === 0) continue; // the first one fills the file system's cache
    added.push(withModule - without);
    addedInSilence.push(inSilence - without);
  }
  await Promise.all([answering.close(), silent.close()]);
  progress(`${adapter}: ${rounds} bootstraps with and without AuthModule`);
  return [
    figureOf('AuthModule adds to bootstrap', adapter, median(added), 'ms'),
    figureOf('AuthModule adds to bootstrap, issuer never answers', adapter, median(addedInSilence), 'ms'),
  ];
}

async function start(name, given) {
  const application = new ApplicationProcess(script, [name, JSON.stringify(given)]);
  const { milliseconds } = await application.ready();
  await application.end();
  return milliseconds;
}
