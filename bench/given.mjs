import { join } from 'node:path';
import { TestIssuer } from '@nmp/auth/testing';
import { progress } from './progress.mjs';
import { startRealm } from './realm.mjs';
import { tokenOf, writeTokens } from './tokens.mjs';

const clientId = 'nmp-cli';

/**
 * Starts the issuers and signs the tokens of a benchmark.
 *
 * @param {string} directory for the files with tokens
 * @param {number} tokens how many take turns
 */
export async function prepare(directory, tokens) {
  const issuers = await Promise.all(
    ['RS256', 'ES256'].map((algorithm) => TestIssuer.start({ clientId, audience: 'nmp-platform', algorithm })),
  );
  const [RS256, ES256] = await Promise.all(issuers.map((issuer) => signed(issuer, issuer.signingKey.algorithm)));
  const realm = await startRealm(RS256.jwksUri);
  const keycloak = {
    ...(await signed(issuers[0], 'Keycloak', { iss: realm.issuer, typ: 'Bearer' })),
    issuer: realm.issuer,
    authServerUrl: realm.authServerUrl,
    realm: realm.name,
    clientId,
  };
  return {
    RS256,
    ES256,
    keycloak,
    async close() {
      await Promise.all([...issuers, realm].map((started) => started.close()));
    },
  };

  async function signed(issuer, name, claims) {
    progress(`signing ${tokens} tokens: ${name}`);
    return {
      algorithm: issuer.signingKey.algorithm,
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      tokens,
      token: await tokenOf(issuer, 0, claims),
      one: await writeTokens(issuer, join(directory, `${name}-one.txt`), 1, claims),
      many: await writeTokens(issuer, join(directory, `${name}-many.txt`), tokens, claims),
    };
  }
}
