import type { Tree } from '@angular-devkit/schematics';
import type { Setting } from './settings.js';

const examples = ['.env.example', '.env.sample', '.env.template', '.env.dist'];

/** The file that shows a newcomer what to set. */
export function exampleFile(tree: Tree, root: string): string {
  const candidates = [root, ''].flatMap((folder) =>
    examples.map((name) => (folder === '' ? name : `${folder}/${name}`)),
  );
  return candidates.find((path) => tree.exists(path)) ?? '.env.example';
}

/** What is set in the files of settings, the developer's own before the example. */
export function readEnvironment(tree: Tree, paths: readonly string[]): Map<string, string> {
  const lines = paths.filter((path) => tree.exists(path)).flatMap((path) => tree.readText(path).split(/\r?\n/));
  const variables = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && !variables.get(name)) variables.set(name, value.replaceAll(/^(['"])(.*)\1$/g, '$2'));
  }
  return variables;
}

/** Adds what a file of settings does not have; makes the file if there is none. */
export function addToEnvironment(tree: Tree, path: string, settings: readonly Setting[]): void {
  const text = tree.exists(path) ? tree.readText(path) : '';
  const known = readEnvironment(tree, [path]);
  const missing = settings.filter(({ variable }) => !known.has(variable));
  if (missing.length === 0) return;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  const added = missing
    .map(({ variable, example, comment }) => `# ${comment}${newline}${variable}=${example}${newline}`)
    .join('');
  if (tree.exists(path)) tree.overwrite(path, text + separator + added);
  else tree.create(path, added);
}
