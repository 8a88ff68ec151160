import { isMetBy } from './licence-expression.mjs';

/** What the product may be made of: nobody who uses it owes more than a notice. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/**
 * @typedef {object} Dependency
 * @property {string} path where it is installed
 * @property {string} name
 * @property {string | undefined} licence
 * @property {boolean} isProduction whether somebody who only runs the product gets it
 * @property {boolean} hasInstallScript
 */

/**
 * The packages of a lock file that come from elsewhere.
 *
 * @param {{ packages: Record<string, object> }} lock a `package-lock.json`
 * @param {(path: string) => string | undefined} statedLicence asked where the lock file names no licence
 * @returns {Dependency[]}
 */
export function dependenciesOf(lock, statedLicence) {
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, { name, license, dev, hasInstallScript }]) => ({
      path,
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      licence: license ?? statedLicence(path),
      isProduction: dev !== true,
      hasInstallScript: hasInstallScript === true,
    }));
}

/**
 * What must not be: a production dependency of which the licence is not known or asks for more than a notice, or which
 * wants to run a program when it is installed without being on the list of those that do without.
 *
 * @param {readonly Dependency[]} dependencies
 * @param {Readonly<Record<string, boolean>>} allowScripts as in `package.json`: `false` is never run
 * @returns {string[]} one line for each
 */
export function refusedDependencies(dependencies, allowScripts) {
  return dependencies
    .filter(({ isProduction }) => isProduction)
    .flatMap(({ path, name, licence, hasInstallScript }) => [
      ...(licence === undefined ? [`${path} has no known licence`] : []),
      ...(licence !== undefined && !isMetBy(licence, permissive) ? [`${path} has the licence ${licence}`] : []),
      ...(hasInstallScript && (allowScripts[name] ?? true) ? [`${path} runs a program when it is installed`] : []),
    ]);
}

/**
 * @param {readonly Dependency[]} dependencies
 * @returns {string} such as `3 packages: MIT 2, ISC 1`
 */
export function summaryOf(dependencies) {
  const counts = new Map();
  for (const { licence = 'unknown' } of dependencies) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const parts = [...counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b, 'en'));
  return `${dependencies.length} packages: ${parts.map(([licence, count]) => `${licence} ${count}`).join(', ')}`;
}
