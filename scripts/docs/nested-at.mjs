/**
 * A value where a path says: `oidc.tenants[].name` is `{ oidc: { tenants: [{ name: value }] } }`.
 *
 * @param {string} path
 * @param {unknown} value
 */
export function nestedAt(path, value) {
  const inside = (inner, key) => (key.endsWith('[]') ? { [key.slice(0, -2)]: [inner] } : { [key]: inner });
  return path.split('.').reduceRight(inside, value);
}
