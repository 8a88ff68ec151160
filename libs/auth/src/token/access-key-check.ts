import { areaOf, type Claims, InvalidTokenError, type Principal, principalOfMintedClaims } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';

/**
 * The principal of a verified access key.
 * @throws {InvalidTokenError} when it has ended, its owner's provider is not trusted any more, or none of its scopes would
 *   restrict it here.
 */
export function principalOfAccessKey(
  claims: Claims,
  config: Pick<AuthConfig, 'accessKeys' | 'issuers' | 'scopes'>,
  now: Date,
): Principal {
  if (isEndedAccessKey(claims, config, now)) throw new InvalidTokenError('revoked');
  const principal = principalOfMintedClaims(claims, 'access-key');
  const isOwnerKnown = config.issuers.some(({ kind, issuer }) => kind === 'access' && issuer === principal.issuer);
  if (!isOwnerKnown) {
    throw new InvalidTokenError('issuer', 'the provider of the owner of this access key is not trusted');
  }
  // Scopes restrict a token by their areas: a key of areas that nobody knows (any more) would have no bounds.
  if (!principal.scopes.some((scope) => config.scopes.areas.has(areaOf(scope)))) {
    throw new InvalidTokenError('claims', 'none of the scopes of this access key is of a known area');
  }
  return principal;
}

/** Whether verified claims are those of an access key that may not be used any more, whatever its expiry says. */
export function isEndedAccessKey(claims: Claims, { accessKeys }: Pick<AuthConfig, 'accessKeys'>, now: Date): boolean {
  if (accessKeys === undefined || claims.iss !== accessKeys.issuer || claims.aud !== accessKeys.audience) return false;
  const { jti } = claims;
  return typeof jti !== 'string' || !accessKeys.isActive(jti, now);
}
