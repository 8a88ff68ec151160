// Packs the published packages and uses them as strangers do: `npm run test:packages`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { requireAbsent } from './packages/absent.mjs';
import { fixtureApp } from './packages/fixture-app.mjs';
import { pack } from './packages/pack.mjs';
import { runNode } from './process/run-node.mjs';
import { succeed } from './process/succeed.mjs';
import { Tally } from './process/tally.mjs';

/** Those with both module kinds, then the ESM-only ones. */
const dual = ['libs/tokens', 'libs/auth'];
const esmOnly = ['libs/sdk', 'libs/cli'];

await ensureInstalled();
await build();
const tally = new Tally();
const directory = mkdtempSync(join(tmpdir(), 'nmp-packages-'));
try {
  await testPackages();
} finally {
  if (tally.failed === 0) rmSync(directory, { recursive: true });
  else console.log(`\nThe projects are left in ${directory}`);
}
tally.close();

async function testPackages() {
  console.log('\nPacking');
  const packed = new Map();
  for (const path of [...dual, ...esmOnly]) {
    const result = await tally.run(`${path} holds what its package.json promises`, () => pack(path, directory));
    if (result !== undefined) packed.set(path, result);
  }
  // Without all of them nothing below can be installed.
  if (tally.failed > 0) return;

  console.log('\nPackage checks');
  const tools = await tally.run('publint and attw are installed', () => fixtureApp('tools', directory, []));
  for (const [path, { tarball }] of tools === undefined ? [] : packed) await lintPackage(tools, path, tarball);

  console.log('\nNest 12, ES modules');
  const all = [...packed.values()];
  const esm = await tally.run('the packages install', () => fixtureApp('nest-12-esm', directory, all));
  if (esm !== undefined) await useInNest12(esm);

  console.log('\nNest 11, CommonJS, Jest');
  const cjs = await tally.run('the packages install', () =>
    fixtureApp(
      'nest-11-jest',
      directory,
      dual.map((path) => packed.get(path)),
    ),
  );
  if (cjs !== undefined) await useInNest11(cjs);

  console.log('\nNest 11, messages');
  const messages = await tally.run('the packages install', () =>
    fixtureApp(
      'nest-11-messages',
      directory,
      dual.map((path) => packed.get(path)),
    ),
  );
  if (messages !== undefined) await useMessagesInNest11(messages);
}

async function lintPackage(tools, path, tarball) {
  const run = (file, ...args) => succeed(runNode([join(tools, 'node_modules', file), ...args], { capture: true }));
  await tally.run(`${path} pleases publint`, () => run('publint/src/cli.js', 'run', tarball, '--strict'));
  const profile = dual.includes(path) ? 'strict' : 'esm-only';
  await tally.run(`${path} has right types for every kind of import`, () =>
    run('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', profile, '--no-color', '--no-emoji'),
  );
}

async function useInNest12(app) {
  const run = (...args) => succeed(runNode(args, { cwd: app, capture: true }));
  await tally.run('it has no package of any other transport than HTTP', () => requireAbsent(app));
  await tally.run('tsc compiles it, library types included', () => run('node_modules/typescript/bin/tsc'));
  await tally.run('its guarded route answers 200, 401 and 403', () => run('dist/check.js'));
  await tally.run('both module kinds of a package are the same', () => run('module-kinds.mjs'));
  await tally.run('the nemo command starts', () => run('node_modules/@nmp/cli/bin/nemo.js', '--help'));
}

async function useInNest11(app) {
  const run = (...args) => succeed(runNode(args, { cwd: app, capture: true }));
  await tally.run('it has no package of any other transport than HTTP', () => requireAbsent(app));
  await tally.run('tsc compiles it, library types included', () => run('node_modules/typescript/bin/tsc'));
  await tally.run('its guarded route answers 200, 401 and 403', () => run('dist/check.js'));
  await tally.run('its Jest tests pass', () => run('node_modules/jest/bin/jest.js'));
}

async function useMessagesInNest11(app) {
  const run = (...args) => succeed(runNode(args, { cwd: app, capture: true }));
  await tally.run('tsc compiles it, library types included', () => run('node_modules/typescript/bin/tsc'));
  await tally.run('a guarded microservice answers and refuses, alone and beside HTTP', () => run('dist/messages.js'));
}
