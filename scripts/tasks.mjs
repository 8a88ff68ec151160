import { join } from 'node:path';
import { build } from './build.mjs';
import { benchDirectories } from './install/bench-directories.mjs';
import { root } from './process/root.mjs';
import { runNode } from './process/run-node.mjs';

/** What the compiler knows of the last time, so that it looks at what has changed since. */
const incremental = [
  '--incremental',
  '--tsBuildInfoFile',
  join(root, 'node_modules', '.cache', 'nmp-types.tsbuildinfo'),
];

/**
 * What `run.mjs` can do. Each task takes the words after its name and tells the exit code.
 *
 * @type {Record<string, (args: readonly string[]) => Promise<number>>}
 */
export const tasks = {
  lint: async (args) => {
    const paths = args.length > 0 ? args : ['.'];
    const linted = await tool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', ...paths]);
    return linted || tool('prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level', 'warn', ...paths]);
  },

  format: (args) =>
    tool('prettier/bin/prettier.cjs', ['--write', '--log-level', 'warn', ...(args.length > 0 ? args : ['.'])]),

  typecheck: (args) => tool('typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit', ...incremental, ...args]),

  /** Files, exports and dependencies that nobody uses. */
  unused: (args) => tool('knip/bin/knip.js', ['--no-progress', ...args]),

  jest: (args) => tool('jest/bin/jest.js', args),

  engines: async () => {
    const check = async (directory) => {
      const lock = join(root, directory, 'package-lock.json');
      return (await runNode([join(root, 'scripts', 'check-engines.mjs'), lock])).code;
    };
    const codes = [];
    for (const directory of ['.', 'site', ...benchDirectories]) codes.push(await check(directory));
    return codes.find((code) => code !== 0) ?? 0;
  },

  licences: async () => (await runNode([join(root, 'scripts', 'licences.mjs')])).code,

  openapi: async (args) => {
    await build({ names: ['platform'] });
    const { code } = await runNode([join(root, 'dist', 'openapi.js'), ...args]);
    return code || (await runNode([join(root, 'scripts', 'sdk-types.mjs')])).code;
  },

  docs: async () => {
    await build({ names: ['platform', '@nmp/cli'] });
    return (await runNode([join(root, 'scripts', 'docs', 'write.mjs')])).code;
  },
};

async function tool(path, args) {
  const { code } = await runNode([join(root, 'node_modules', path), ...args]);
  return code;
}
