import type { Principal, TokenKind } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';

/** The kind of token that a principal came with, by its verified claims; `undefined` when nobody trusted signed any. */
export function tokenKindOfPrincipal(
  { claims }: Principal,
  { issuers }: Pick<AuthConfig, 'issuers'>,
): TokenKind | undefined {
  // A platform issues tokens of several kinds under one name, each kind for an audience of its own.
  return issuers.find(
    ({ kind, issuer, expectations: { audience } }) =>
      issuer === claims.iss && (kind === 'access' || (audience !== false && audience.includes(String(claims.aud)))),
  )?.kind;
}
