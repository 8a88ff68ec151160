import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { runNode } from '../process/run-node.mjs';
import { succeed } from '../process/succeed.mjs';

/**
 * Has publint look at a packed package.
 *
 * @param {string} tarball
 * @throws {Error} with what it found
 */
export async function publint(tarball) {
  await tool('publint/src/cli.js', 'run', tarball, '--strict');
}

/**
 * Tries how every kind of import finds the types of a packed package.
 *
 * @param {string} tarball
 * @param {{ isDual: boolean }} kind
 * @throws {Error} with what is wrong
 */
export async function checkTypes(tarball, { isDual }) {
  // Every Node that `engines` admits loads ES modules by require(), so CommonJS may well resolve to one. What is for ES
  // modules alone is not for `moduleResolution: node10`, either, which knows no `exports`.
  const profile = isDual ? ['strict'] : ['node16', '--ignore-rules', 'cjs-resolves-to-esm'];
  await tool('@arethetypeswrong/cli/dist/index.js', tarball, '--no-color', '--no-emoji', '--profile', ...profile);
}

function tool(file, ...args) {
  return succeed(runNode([join(root, 'node_modules', file), ...args], { capture: true }));
}
