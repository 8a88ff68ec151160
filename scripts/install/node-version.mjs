/** The Node versions the project runs on, as written in `engines` of every package.json. */
export const supportedNode = '^20.19 || >=22.12';

/**
 * Says whether a Node version is one the project runs on; kept free of dependencies, for it runs before the install.
 *
 * @param {string} version as in `process.versions.node`
 */
export function runsOnNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}
