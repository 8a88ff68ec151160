import { addScopePrefix, anonymousPrincipal, type ClaimSetting, mintedClaimsOf } from '@nmp/tokens';
import type { ProviderConfig } from '../issuer-config.js';
import type { TestCaller } from './test-caller.js';

/**
 * What an identity provider says of a caller, in the claims where the application looks for it. What it finds by a function
 * is given as `claims`.
 * @param party the client that tokens of people are issued to
 */
export function accessClaimsOf(
  caller: TestCaller,
  { mapping, expectations }: ProviderConfig,
  party: string | undefined,
): Record<string, unknown> {
  const { client, groups = [], scopes = [], emailVerified = true } = caller;
  const { id, email } = namesOf(caller);
  return {
    sub: `sub-of-${id}`, // unless the subject is found there
    client_id: client ?? party,
    ...(client !== undefined && { gty: 'client-credentials' }),
    ...(expectations.tenant !== undefined && { tid: expectations.tenant }),
    scope: scopes.map((scope) => addScopePrefix(scope, mapping.scopePrefix)).join(' '),
    ...claimAt(mapping.subject, id),
    ...claimAt(mapping.groups, groups),
    ...(email !== undefined && { ...claimAt(mapping.email, email), email_verified: emailVerified }),
  };
}

/** What a platform's hop token says of a caller whose own token it was made of. */
export function hopClaimsOf(caller: TestCaller, issuedAtSeconds: number): Record<string, unknown> {
  const { client, groups = [], scopes = [], emailVerified = true } = caller;
  const { id, email } = namesOf(caller);
  return mintedClaimsOf(
    {
      ...anonymousPrincipal,
      kind: client === undefined ? 'user' : 'client',
      id,
      ...(email !== undefined && { email, emailVerified }),
      ...(client !== undefined && { clientId: client }),
      groups,
      scopes,
      issuer: 'https://idp.example.com',
      claims: { sub: id, iat: issuedAtSeconds },
    },
    true,
  );
}

/** Callers of different e-mail addresses are different people, and no id looks like an address. */
function namesOf({ id, email, client }: TestCaller): { id: string; email: string | undefined } {
  if (client !== undefined) return { id: id ?? client, email };
  const address = email ?? 'user@example.com';
  return { id: id ?? `id-of-${address}`, email: address };
}

function claimAt(setting: ClaimSetting, value: unknown): Record<string, unknown> {
  const [name] = typeof setting === 'function' ? [] : [setting].flat();
  return name === undefined ? {} : { [name]: value };
}
