import type { Tree } from '@angular-devkit/schematics';
import type { Prettier } from './tools.js';

/**
 * Formats a file as the application does. One that was not formatted before is left alone: the change should show what was
 * changed, and nothing else.
 *
 * @param before its text before the change; `undefined` for a new file
 */
export async function formatFile(
  tree: Tree,
  path: string,
  before: string | undefined,
  prettier: Prettier,
): Promise<void> {
  const options = { ...(await prettier.resolveConfig(path)), filepath: path };
  if (before !== undefined && !(await prettier.check(before, options))) return;
  tree.overwrite(path, await prettier.format(tree.readText(path), options));
}
