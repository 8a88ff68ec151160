import { areaOf, meetsScopes, type ScopePolicy } from '@nmp/tokens';

/** @see RFC 6749 §3.3 */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * What is wrong with the scopes that a key is to have; `undefined` when nothing is.
 * @param granted the scopes of the token that the key is made with
 */
export function keyScopesProblem(
  wanted: readonly string[],
  granted: readonly string[],
  policy: ScopePolicy,
): { readonly problem: string; readonly isExcess: boolean } | undefined {
  const unknown = wanted.find((scope) => !SCOPE.test(scope) || !policy.areas.has(areaOf(scope)));
  if (unknown !== undefined) {
    const problem = `${JSON.stringify(unknown)} is not a scope of the platform, such as platform:read or models:read`;
    return { problem, isExcess: false };
  }
  const excess = wanted.filter((scope) => !meetsScopes(granted, { mode: 'all', scopes: [scope] }, policy));
  if (excess.length === 0) return undefined;
  return { problem: `your own token does not have the scope ${excess.join(' ')}`, isExcess: true };
}
