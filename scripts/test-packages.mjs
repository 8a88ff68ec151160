// Packs the published packages and uses them as strangers do: `npm run test:packages [-- NAME of a fixture…]`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { slots } from './build/slots.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { apps } from './packages/apps.mjs';
import { checkTypes, publint } from './packages/check-tarball.mjs';
import { fixtureApp } from './packages/fixture-app.mjs';
import { pack } from './packages/pack.mjs';
import { published } from './packages/published.mjs';
import { root } from './process/root.mjs';
import { runNode } from './process/run-node.mjs';
import { succeed } from './process/succeed.mjs';
import { Tally } from './process/tally.mjs';

/** What npm says of packages that are deprecated or do not go together. Which Node another package wants is not ours. */
const warnsOfPackages = /^npm warn (?:deprecated|ERESOLVE|.*(?:peer|@nmp\/))/im;

const names = process.argv.slice(2);
const chosen = apps.filter(({ fixture }) => names.length === 0 || names.includes(fixture));
if (chosen.length < names.length) {
  console.error(`error: the projects are ${apps.map(({ fixture }) => fixture).join(', ')}`);
  process.exit(1);
}

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
  for (const { name, directory: folder } of published) {
    const result = await tally.run(`${name} holds what its package.json promises`, () => pack(folder, directory));
    if (result !== undefined) packed.set(name, result);
  }
  // Without all of them nothing below can be installed.
  if (tally.failed > 0) return;

  // While one project is tried, the next ones are installed.
  const inSlot = slots(2);
  const installs = new Map(chosen.map((app) => [app, inSlot(() => install(app, packed))]));
  for (const installing of installs.values()) installing.catch(() => {}); // told where it is awaited

  console.log('\nPackage checks');
  for (const { name, isDual } of published) await checkPackage(name, packed.get(name).tarball, isDual);
  for (const [app, installing] of installs) await tryApp(app, installing);

  if (names.length === 0) await tryRelease();
}

function install({ packages, ...app }, packed) {
  return fixtureApp(
    app,
    directory,
    packages.map((name) => packed.get(name)),
  );
}

async function checkPackage(name, tarball, isDual) {
  await tally.run(`${name} pleases publint`, () => publint(tarball));
  await tally.run(`${name} has right types for every kind of import`, () => checkTypes(tarball, { isDual }));
}

async function tryRelease() {
  console.log('\nThe next release');
  const sentence = 'a dry run packs it, has publint look at it and says what would be published';
  if (!existsSync(join(root, '.git'))) return tally.unavailable(sentence, 'this is no git repository');
  await tally.run(sentence, async () => {
    const said = await succeed(runNode([join(root, 'scripts', 'release.mjs'), '--dry-run'], { capture: true }));
    const missing = published.filter(({ name }) => !said.includes(`  ${name}@`));
    if (missing.length > 0) throw new Error(`not told: ${missing.map(({ name }) => name).join(', ')}\n${said}`);
  });
}

async function tryApp({ title, isQuiet, steps }, installing) {
  console.log(`\n${title}`);
  const app = await tally.run('the packages install', async () => {
    const { directory: project, output } = await installing;
    if (isQuiet && warnsOfPackages.test(output)) throw new Error(output);
    return project;
  });
  if (app === undefined) return;
  for (const [sentence, step] of Object.entries(steps)) await tally.run(sentence, () => step(app));
}
