import { addScopePrefix, decodeUnverifiedClaims, missingScopes, parseScopes, scopesOfClaims } from '@nmp/tokens';
import { SignInError } from './errors.js';
import type { TokenSet } from './grants/token-set.js';

/**
 * Which scopes to ask for: the platform's default list, or, when the person names scopes, those together with the plain
 * OIDC scopes of the list. Each comes once and in order, qualified the way the identity provider wants it.
 */
export function scopesToRequest(
  defaults: readonly string[],
  named: readonly string[] | undefined,
  prefix: string | undefined,
): string[] {
  const plain = defaults.filter(isPlainOidcScope);
  const wanted = named === undefined ? defaults : [...plain, ...named];
  return [...new Set(wanted.map((scope) => addScopePrefix(scope, prefix)))];
}

/** Whether a scope is one about the person (`openid`, `offline_access`, …) and not one of the platform. */
export function isPlainOidcScope(scope: string): boolean {
  return !scope.includes(':') && !scope.endsWith('.default');
}

/**
 * Which scopes were granted: what the token answer lists, else what the token itself says. An answer that lists none for a
 * token that cannot be read grants what was asked for.
 * @see RFC 6749 §5.1
 */
export function grantedScopes(tokens: TokenSet, requested: readonly string[]): string[] {
  if (tokens.scope !== undefined) return parseScopes(tokens.scope);
  const claims = decodeUnverifiedClaims(tokens.accessToken);
  return claims === undefined ? [...requested] : scopesOfClaims(claims);
}

/** @throws {SignInError} `missing_scopes` when a scope of the platform was asked for and not granted. */
export function requireGrantedScopes(
  requested: readonly string[],
  granted: readonly string[],
  { prefix, issuer, clientId }: { prefix: string | undefined; issuer: string; clientId: string },
): void {
  const missing = missingScopes(requested, granted, prefix);
  if (missing.length === 0) return;
  const qualified = missing.map((scope) => addScopePrefix(scope, prefix)).join(' ');
  throw new SignInError(
    'missing_scopes',
    `Token is missing requested scopes: ${missing.join(' ')}. Nothing was saved. At the identity provider ${issuer}, add ${qualified} ` +
      `to the client "${clientId}" and grant consent to it, or ask for other scopes with --scope`,
  );
}
