import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names what `package-lock.json` asks for and `node_modules` does not hold.
 *
 * npm leaves a list of what it installed in `node_modules/.package-lock.json`; the two lists are compared, and the
 * folders looked at, so that neither a newer lock file nor a half-deleted folder goes unseen.
 *
 * @param {string} root
 * @returns {string[]} one sentence per gap, empty when all is there
 */
export function missingPackages(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return ['node_modules is missing'];

  const wanted = readPackages(join(root, 'package-lock.json')) ?? {};
  return Object.entries(wanted).flatMap(([path, entry]) => gap(root, path, entry, installed[path]) ?? []);
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function gap(root, path, wanted, installed) {
  if (!path.includes('node_modules/')) return undefined;
  if (wanted.link) return linksTo(join(root, path), join(root, wanted.resolved)) ? undefined : `${path} is not linked`;
  // Packages for other operating systems and processors are optional and rightly absent.
  if (installed === undefined) return wanted.optional ? undefined : `${path} is missing`;
  if (installed.version !== wanted.version) return `${path} is ${installed.version} instead of ${wanted.version}`;
  return existsSync(join(root, path, 'package.json')) ? undefined : `${path} is missing`;
}

function linksTo(link, target) {
  return existsSync(link) && realpathSync(link) === realpathSync(target);
}
