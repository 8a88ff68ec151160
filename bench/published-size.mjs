import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');

/**
 * The bytes that installing these packages of the workspace puts on a disk: their own, as they would be packed, and those
 * of everything they need. What is needed twice counts once.
 *
 * @param {readonly string[]} names
 */
export async function publishedSize(names) {
  const directories = new Set();
  for (const name of names) collect(packageDirectory(name, root), directories);
  const sizes = await Promise.all([...directories].map(async (directory) => [directory, await sizeOf(directory)]));
  const own = new Set(names.map((name) => packageDirectory(name, root)));
  const sum = (entries) => entries.reduce((total, [, size]) => total + size, 0);
  return { own: sum(sizes.filter(([directory]) => own.has(directory))), all: sum(sizes) };
}

/** Adds a package's directory, and those of all it needs. */
function collect(directory, found) {
  if (found.has(directory)) return;
  found.add(directory);
  const { dependencies = {} } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) collect(packageDirectory(name, directory), found);
}

/** Where Node would find a package. */
function packageDirectory(name, from) {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(candidate)) return realpathSync(candidate);
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return packageDirectory(name, dirname(from));
}

async function sizeOf(directory) {
  if (!directory.includes('node_modules')) return packedSize(directory);
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.slice(directory.length).includes('node_modules'))
    .reduce((total, file) => total + statSync(file).size, 0);
}

async function packedSize(directory) {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: directory, shell: process.platform === 'win32' });
  const listed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
  const [packed] = Array.isArray(listed) ? listed : Object.values(listed);
  return packed.unpackedSize;
}
