import type { Claims, ClaimSetting, MappingNotice, Principal } from '@nmp/tokens';
import {
  isAuthError,
  missingScopes,
  PLATFORM_AREA,
  principalOfClaims,
  readClaim,
  scopesOfClaims,
  stringsOfClaim,
} from '@nmp/tokens';
import type { Finding } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';
import type { Subject } from './subject.js';

// Where providers put these when it is not where the configuration looks, best first.
const emailClaims = ['email', 'upn', 'preferred_username', 'unique_name', 'mail'];
const groupsClaims = ['groups', 'roles', 'cognito:groups', 'realm_access.roles'];

/** Whom the platform would take the bearer for: each claim that the configuration needs. */
export function examinePrincipal(claims: Claims, subject: Subject): Finding[] {
  const notices: MappingNotice[] = [];
  let principal: Principal;
  try {
    principal = principalOfClaims(claims, subject.mapping, (notice) => notices.push(notice));
  } catch (error) {
    if (!isAuthError(error)) throw error;
    const config = configLine('oidc.subject_claim', 'sub');
    return [problem('subject', `The platform would refuse it: ${error.message}`, { config })];
  }
  return [
    ok('subject', `${nameOf(subject.mapping.subject)} is there`),
    emailFinding(principal, claims, subject),
    groupsFinding(principal, claims, subject),
    scopesFinding(principal, claims, subject),
    ...notices.map(({ claim, what }) => warning(claim, what)),
  ];
}

function emailFinding({ email, emailVerified, kind }: Principal, claims: Claims, { mapping }: Subject): Finding {
  if (email !== undefined && emailVerified === false) {
    const said = `${nameOf(mapping.email)} is there, yet "email_verified" is false`;
    return warning('email', `${said}: role bindings by e-mail address will not fit`, {
      advice: 'Let the address be verified at the provider, or let the platform take its word for all of them',
      config: 'auth.accept_unverified_email: true',
    });
  }
  if (email !== undefined) return ok('email', `${nameOf(mapping.email)} is there`);
  if (kind === 'client') return ok('email', "It is a client's token, and needs none");
  const other = emailClaims.find((name) => stringsOfClaim(claims[name]).some((value) => value.includes('@')));
  return warning('email', `${nameOf(mapping.email)} is missing: role bindings by e-mail address will not fit`, {
    advice: other === undefined ? 'Let the provider put the e-mail address into access tokens' : `It is in "${other}"`,
    ...(other === undefined ? {} : { config: configLine('oidc.email_claim', other) }),
  });
}

function groupsFinding({ groups, groupsOverage }: Principal, claims: Claims, { mapping }: Subject): Finding {
  if (groups.length > 0) return ok('groups', `${nameOf(mapping.groups)} is there (${groups.length})`);
  if (groupsOverage) {
    return warning('groups', 'The provider left the groups out because there are too many', {
      advice: 'Let it send only the groups that are assigned to the application',
    });
  }
  if (readClaim(claims, mapping.groups) !== undefined)
    return ok('groups', `${nameOf(mapping.groups)} is there, and names no group`);
  const other = groupsClaims.find((name) => stringsOfClaim(claims[name]).length > 0);
  return warning('groups', `${nameOf(mapping.groups)} is missing: role bindings of groups will not fit`, {
    advice:
      other === undefined
        ? 'Let the provider put the groups into access tokens, if there are any'
        : `If the groups are in "${other}", name it`,
    ...(other === undefined ? {} : { config: configLine('oidc.groups_claim', other) }),
  });
}

function scopesFinding({ scopes }: Principal, claims: Claims, { scopes: requested, scopePrefix }: Subject): Finding {
  const missing = missingScopes(requested, scopes);
  if (missing.length === 0) return ok('scopes', `It has ${scopes.join(' ') || 'none'}`);
  const said = `It lacks ${missing.join(' ')}; a sign-in that asks for them fails`;
  const qualified = scopesOfClaims(claims).find((scope) => missing.some((name) => scope.endsWith(`/${name}`)));
  if (qualified !== undefined && scopePrefix === undefined) {
    const prefix = qualified.slice(0, qualified.lastIndexOf(`${PLATFORM_AREA}:`));
    return problem('scopes', `${said}. It has them with a prefix`, { config: configLine('oidc.scope_prefix', prefix) });
  }
  return problem('scopes', said, {
    advice: 'Add them to the client at the provider and grant consent, or ask for others',
  });
}

function nameOf(setting: ClaimSetting): string {
  return typeof setting === 'function' ? 'the claim' : `"${[setting].flat().join('" or "')}"`;
}
