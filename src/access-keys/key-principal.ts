import type { Principal } from '@nmp/tokens';

/**
 * Who a request with an access key is: the owner, restricted by the key's scopes. What only a sign-in can vouch for stays
 * behind: the strength and time of the authentication, and groups, of which nobody tells the platform when one leaves them.
 */
export function keyPrincipal(
  { claims: { sub, jti, iat }, ...owner }: Principal,
  { name, scopes }: { readonly name: string; readonly scopes: readonly string[] },
): Principal {
  return {
    ...owner,
    groups: [],
    groupsOverage: false,
    scopes,
    // The token that it is made of: who revokes all tokens of a user means keys, too.
    claims: { sub, jti, iat },
    actor: { id: `access-key:${name}`, groups: [] },
  };
}
