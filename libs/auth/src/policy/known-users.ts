import { type PolicyCaller, type Principal, sharesUsersByClaims, UNSIGNED_TOKENS } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';

/** What has to be known of the issuers: whose identities are those that role bindings speak of. */
export type KnownIssuers = Pick<AuthConfig, 'issuers' | 'trustedHeaders' | 'allowUnsignedJwt'>;

/** The issuer of a principal that came in a gateway's headers: nobody signed it. A token always has one. */
const GATEWAY = '';

/** Whether a principal is one of those that role bindings speak of, so that they can match its id, e-mail and groups. */
export function sharesUsers(
  { kind, issuer, claims }: Principal,
  { issuers, trustedHeaders, allowUnsignedJwt }: KnownIssuers,
): boolean {
  if (kind === 'service' || kind === 'anonymous') return true;
  // A gateway that is trusted to say who somebody is speaks of the main issuer's users.
  if (issuer === GATEWAY) return trustedHeaders !== undefined;
  if (issuer === UNSIGNED_TOKENS.issuer) return allowUnsignedJwt;
  // A hop token names another issuer than its own, and says itself what that one's identities are.
  const hop = issuers.some((config) => config.kind === 'hop' && config.issuer === claims.iss);
  if (hop) return sharesUsersByClaims(claims);
  return issuers.some((config) => config.issuer === issuer && config.sharesUsers);
}

/** A principal as decision points are asked about it. */
export function policyCallerOf(principal: Principal, known: KnownIssuers): PolicyCaller {
  return { ...principal, sharesUsers: sharesUsers(principal, known) };
}
