import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root } from '../scripts/process/root.mjs';

const languages = {
  '.ts': 'ts',
  '.mjs': 'js',
  '.json': 'json',
  '.yaml': 'yaml',
  '.lua': 'lua',
  '.proto': 'proto',
  '.conf': 'nginx',
  '.service': 'ini',
};

/** What is in a folder only after something was installed, built or run. */
const made = new Set(['node_modules', 'dist', 'results']);

const frontmatter = '---\nsearch: false\noutline: false\nprev: false\nnext: false\n---\n\n';

/**
 * The page of a file or folder of the repository that a page speaks of.
 *
 * @param {string} path from the root of the repository
 */
export function sourcePage(path) {
  const file = join(root, path);
  const body = statSync(file).isDirectory() ? listing(file) : code(path, readFileSync(file, 'utf8'));
  return `${frontmatter}# ${path}\n\n${body}\n`;
}

function listing(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !made.has(name) && !name.startsWith('.'))
    .map((entry) => `- \`${entry.name}${entry.isDirectory() ? '/' : ''}\``)
    .toSorted()
    .join('\n');
}

function code(path, text) {
  const fence = '`'.repeat(8); // more than any file has in a row
  const language = path.endsWith('Dockerfile') ? 'docker' : (languages[extname(path)] ?? 'text');
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}
