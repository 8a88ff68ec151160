import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import type { ExchangeRule } from '../../config/exchange-rule.js';

/** Who a workload is on the platform, by the rule: nothing of its own token goes into it. */
export function workloadPrincipal(
  { principal: { id, email, groups } }: ExchangeRule,
  { issuer, scopes }: { readonly issuer: string; readonly scopes: readonly string[] },
): Principal {
  return {
    ...anonymousPrincipal,
    kind: 'client',
    id,
    clientId: id,
    ...(email !== undefined && { email, emailVerified: true }),
    groups,
    scopes,
    issuer,
  };
}
