import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const scope = '@nmp/';
const dependencyKinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Where else the version stands: between these two texts, as often as they are there. */
const mentions = {
  'docs/openapi.json': ['"version": "', '"'],
  'docs/operations.md': ['nmp-platform:', '\\b'],
  'deploy/kubernetes/base/kustomization.yaml': ['newTag: ', '\\b'],
};

/**
 * What the files of the repository are with another version: every package has it, and asks for the others of that version.
 *
 * @param {string} directory of the repository
 * @param {string} version
 * @returns {Map<string, string>} the texts of those that change, by their paths
 * @throws {Error} naming a file that did not have the present version
 */
export function versionFiles(directory, version) {
  const read = (path) => readFileSync(join(directory, path), 'utf8');
  const present = JSON.parse(read('package.json')).version;
  const manifests = [
    'package.json',
    ...readdirSync(join(directory, 'libs')).map((name) => `libs/${name}/package.json`),
  ];

  const texts = new Map(manifests.map((path) => [path, json(withVersion(JSON.parse(read(path)), version))]));
  texts.set('package-lock.json', json(lockWithVersion(JSON.parse(read('package-lock.json')), version)));
  for (const [path, [before, after]] of Object.entries(mentions)) {
    if (!existsSync(join(directory, path))) continue;
    const mention = new RegExp(`(?<=${before})${present.replaceAll('.', '\\.')}(?=${after})`, 'g');
    if (!mention.test(read(path))) throw new Error(`${path} does not have version ${present}`);
    texts.set(path, read(path).replaceAll(mention, version));
  }
  return new Map([...texts].filter(([path, text]) => text !== read(path)));
}

function lockWithVersion(lock, version) {
  const own = Object.entries(lock.packages).filter(([path, { link }]) => !path.includes('node_modules/') && !link);
  const packages = Object.fromEntries(own.map(([path, entry]) => [path, withVersion(entry, version)]));
  return { ...lock, version, packages: { ...lock.packages, ...packages } };
}

function withVersion(manifest, version) {
  const kinds = dependencyKinds.filter((kind) => manifest[kind] !== undefined);
  const dependencies = kinds.map((kind) => [kind, dependenciesWithVersion(manifest[kind], version)]);
  return { ...manifest, version, ...Object.fromEntries(dependencies) };
}

function dependenciesWithVersion(dependencies, version) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [name, name.startsWith(scope) ? version : range]),
  );
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
