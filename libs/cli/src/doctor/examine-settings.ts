import type { ClaimSetting } from '@nmp/tokens';
import { addScopePrefix, isClaimPath, normalizeScopePrefix, parseUrl, providerOf } from '@nmp/tokens';
import type { Finding } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';
import type { Subject } from './subject.js';

type Document = Readonly<Record<string, unknown>>;

/** The settings that are judged by themselves: scopes and their prefix, audience, claims. */
export function examineSettings(subject: Subject, document: Document): Finding[] {
  return [...scopeFindings(subject, document), ...audienceFindings(subject), ...claimFindings(subject)];
}

function scopeFindings({ issuer, scopes, scopePrefix }: Subject, document: Document): Finding[] {
  const findings: Finding[] = [];
  if (scopePrefix !== undefined && scopePrefix !== normalizeScopePrefix(scopePrefix)) {
    findings.push(
      warning('scope prefix', `"${scopePrefix}" is read as "${normalizeScopePrefix(scopePrefix)}"`, {
        config: configLine('oidc.scope_prefix', normalizeScopePrefix(scopePrefix)),
      }),
    );
  }
  const own = scopes.filter((scope) => scope.includes(':'));
  const vendor = own.length > 0 ? vendorWithoutScopes(issuer) : undefined;
  if (vendor !== undefined) {
    findings.push(
      problem('scopes', `${vendor} knows no scopes of its clients' own, such as ${own[0]}`, {
        advice: 'Ask for the plain ones alone; tokens without platform scopes are not restricted by them',
        config: configLine('oidc.default_scopes', 'openid profile email offline_access'),
      }),
    );
    return findings;
  }
  return [...findings, offerFinding(scopes, scopePrefix, document.scopes_supported)];
}

function offerFinding(scopes: readonly string[], prefix: string | undefined, supported: unknown): Finding {
  const sent = scopes.map((scope) => addScopePrefix(scope, prefix));
  const said = `Asked for: ${sent.join(' ') || 'none'}`;
  if (!Array.isArray(supported)) return ok('scopes', said);
  const unknown = scopes.filter((scope, at) => !supported.includes(scope) && !supported.includes(sent[at]));
  if (unknown.length === 0) return ok('scopes', said);
  // RFC 8414 §2: a provider may leave scopes out of the list that it offers all the same.
  return warning('scopes', `${said}. The provider does not list ${unknown.join(' ')}`, {
    advice: 'Add them to the client at the provider if they are missing in the token',
  });
}

/** Providers whose scopes are what they are, or that have them only for their own APIs. */
function vendorWithoutScopes(issuer: string): string | undefined {
  const url = parseUrl(issuer);
  if (url?.hostname === 'accounts.google.com') return 'Google';
  if (url?.hostname === 'gitlab.com') return 'GitLab';
  return url?.pathname === '/dex' ? 'Dex' : undefined;
}

function audienceFindings({ audience, isAudienceAssumed }: Subject): Finding[] {
  if (audience === undefined) return [];
  const named = audience.join(' or ');
  if (!isAudienceAssumed) return [ok('audience', `Tokens must carry ${named || 'the client id'} in "aud"`)];
  const assumed = named === '' ? 'the client id' : `${named}, the client id,`;
  return [
    warning('audience', `Tokens must carry ${assumed} in "aud", since no audience is given`, {
      advice: 'If the provider sends another one, set it, and tell the doctor with --audience',
      config: configLine('oidc.audience', '<what the provider sends>'),
    }),
  ];
}

function claimFindings({ issuer, mapping }: Subject): Finding[] {
  const { title } = providerOf(issuer);
  const named = [
    `e-mail ${nameOf(mapping.email)}`,
    `subject ${nameOf(mapping.subject)}`,
    `groups ${nameOf(mapping.groups)}`,
  ];
  const odd = Object.entries({
    email_claim: mapping.email,
    subject_claim: mapping.subject,
    groups_claim: mapping.groups,
  })
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .flatMap(([key, path]) => pathFinding(key, path));
  return odd.length > 0 ? odd : [ok('claims', `${title}: ${named.join(', ')}`)];
}

function pathFinding(key: string, path: string): Finding[] {
  if (!isClaimPath(path)) return [problem('claims', `${key} "${path}" cannot be read as the path of a claim`)];
  if (!path.includes('.') || path.includes('"') || parseUrl(path)) return [];
  return [
    warning('claims', `${key} "${path}" means the claim of that name, else the path ${path.split('.').join(' → ')}`, {
      advice: 'Quote what has dots of its own',
    }),
  ];
}

function nameOf(setting: ClaimSetting): string {
  return typeof setting === 'function' ? 'a function' : [setting].flat().join(' or ');
}
