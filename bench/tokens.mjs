import { writeFileSync } from 'node:fs';

/**
 * Signs tokens and writes them to a file, a token a line.
 *
 * @param {import('@nmp/auth/testing').TestIssuer} issuer
 * @param {string} file
 * @param {number} count
 * @param {Record<string, unknown>} [claims] as for {@link tokenOf}
 * @returns {Promise<string>} the file
 */
export async function writeTokens(issuer, file, count, claims) {
  const tokens = [];
  for (let index = 0; index < count; index += 1) tokens.push(await tokenOf(issuer, index, claims));
  writeFileSync(file, `${tokens.join('\n')}\n`);
  return file;
}

/**
 * Signs a token as providers make them: 15 claims, about 900 characters.
 *
 * @param {import('@nmp/auth/testing').TestIssuer} issuer
 * @param {number} index of the person it is for
 * @param {Record<string, unknown>} [claims] to add or replace
 * @param {import('@nmp/auth/testing').SigningKey} [key] another than the issuer's own
 */
export function tokenOf(issuer, index, claims, key) {
  const person = `user-${String(index).padStart(6, '0')}`;
  return issuer.accessToken({
    key,
    subject: `7c9e6679-7425-40de-944b-${person}`,
    email: `${person}@example.com`,
    groups: ['team-ml', 'team-platform'],
    scope: 'openid profile email items:read items:write',
    expiresInSeconds: 7200,
    claims: { name: `User ${person}`, preferred_username: person, azp: 'nmp-cli', sid: `session-${person}`, ...claims },
  });
}

/** The token with one character of its signature altered, far from the end, whose last bits may mean nothing. */
export function forged(token) {
  const at = token.length - 40;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
