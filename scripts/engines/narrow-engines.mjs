import semver from 'semver';

/**
 * Names the locked packages that do not run on the oldest Node the project promises.
 *
 * @param {{ packages: Record<string, { version?: string, engines?: { node?: string } }> }} lock a `package-lock.json`
 * @param {string} nodeVersion such as `20.19.0`
 * @returns {string[]} one line per package: where it is, its version, and what it asks for
 */
export function narrowEngines(lock, nodeVersion) {
  return Object.entries(lock.packages)
    .filter(([, { engines }]) => typeof engines?.node === 'string' && !admits(engines.node, nodeVersion))
    .map(([path, { version, engines }]) => `${path || 'package.json'}@${version} needs node ${engines.node}`);
}

/** A range that semver cannot read admits nothing: somebody has to look at it. */
function admits(range, nodeVersion) {
  return semver.satisfies(nodeVersion, range);
}
