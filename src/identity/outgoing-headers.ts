import { identityHeaders, type Principal } from '@nmp/tokens';

/**
 * The headers in which a gateway passes a verified identity on. Whoever receives them takes them for one of the
 * platform's own users, so they say nothing that would be taken for more than it is: no service, nobody whose issuer
 * does not share the platform's users, and no e-mail address that is not verified.
 */
export function outgoingHeaders(principal: Principal, sharesUsers: boolean): Readonly<Record<string, string>> {
  if (!sharesUsers || principal.kind === 'service' || principal.kind === 'anonymous') return {};
  const { email: _unverified, ...withoutEmail } = principal;
  return identityHeaders(principal.emailVerified === false ? withoutEmail : principal);
}
