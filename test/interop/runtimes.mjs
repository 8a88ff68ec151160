import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../scripts/process/run-command.mjs';
import { root } from '../../scripts/process/root.mjs';
import { runNpm } from '../../scripts/process/run-npm.mjs';

const program = join(import.meta.dirname, 'runtime-program.mjs');
const expected = 'Bearer token 1\nBearer token 2\ntrue 404 not_found\n';
const runtimes = {
  bun: { version: '1.4.4', folder: '@oven', file: ['bin', 'bun'], args: ['run'] },
  deno: {
    version: '2.9.6',
    folder: '@deno',
    file: ['deno'],
    args: ['run', '-A', '--no-lock', '--node-modules-dir=manual'],
  },
};

/**
 * The SDK on other runtimes, from their npm packages, which are used without their install scripts.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function runtimesSuite({ tally }) {
  console.log('\nThe SDK on other runtimes');
  const directory = mkdtempSync(join(tmpdir(), 'nmp-runtimes-'));
  try {
    for (const [name, runtime] of Object.entries(runtimes)) {
      const executable = await install(name, runtime, join(directory, name));
      if (executable === undefined) tally.unavailable(name, `npm has no ${name} ${runtime.version} for this machine`);
      else await tally.run(`${name} ${runtime.version} pages through a list`, () => use(executable, runtime.args));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Where the program of a runtime is, once it is installed. */
async function install(name, { version, folder, file }, directory) {
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), '{"private":true}\n');
  const args = ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code } = await runNpm(args, { cwd: directory, capture: true });
  const packages = join(directory, 'node_modules', folder);
  if (code !== 0 || !existsSync(packages)) return undefined;
  return readdirSync(packages)
    .map((entry) => join(packages, entry, ...file))
    .find((candidate) => existsSync(candidate));
}

async function use(executable, args) {
  const { code, output } = await runCommand(executable, [...args, program], { cwd: root, capture: true });
  if (code !== 0 || output !== expected) throw new Error(`exit ${code}\n${output}`);
}
