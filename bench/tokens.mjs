import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Signs tokens as providers make them (15 claims, about 900 characters) and writes them to a file, a token a line.
 *
 * @param {import('@nmp/auth/testing').TestIssuer} issuer
 * @param {string} directory
 * @param {number} count
 * @returns {Promise<string>} the file
 */
export async function writeTokens(issuer, directory, count) {
  const tokens = [];
  for (let index = 0; index < count; index += 1) tokens.push(await tokenOf(issuer, index));
  const file = join(directory, `${issuer.signingKey.algorithm}-${count}.txt`);
  writeFileSync(file, `${tokens.join('\n')}\n`);
  return file;
}

export function tokenOf(issuer, index) {
  const person = `user-${String(index).padStart(6, '0')}`;
  return issuer.accessToken({
    subject: `7c9e6679-7425-40de-944b-${person}`,
    email: `${person}@example.com`,
    groups: ['team-ml', 'team-platform'],
    scope: 'openid profile email items:read items:write',
    expiresInSeconds: 7200,
    claims: { name: `User ${person}`, preferred_username: person, azp: 'nmp-cli', sid: `session-${person}` },
  });
}
