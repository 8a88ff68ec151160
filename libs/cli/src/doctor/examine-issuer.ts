import { isSecureUrl, parseUrl, providerOf, TENANT } from '@nmp/tokens';
import type { Finding } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';

const CHECK = 'issuer';

/** Names that a vendor's documents have and that never stand in a token. */
const manyTenants = /\/(common|organizations|consumers)(\/|$)/;

/** Whether the name of an issuer is one whose tokens can be verified; nothing is asked of anybody. */
export function examineIssuer(issuer: string): Finding[] {
  const url = parseUrl(issuer);
  if (url === undefined) {
    return [problem(CHECK, `"${issuer}" is not a URL`, { advice: 'Write it as it stands in the "iss" of the tokens' })];
  }
  if (!isSecureUrl(url)) {
    const advice = 'Use the https address; plain http is for this machine alone';
    return [problem(CHECK, `${issuer} is not https`, { advice, config: configLine('oidc.issuer', https(issuer)) })];
  }
  const odd = [...vendorFindings(issuer, url)];
  return odd.length > 0 ? odd : [ok(CHECK, `${issuer} (${providerOf(issuer).title})`)];
}

function* vendorFindings(issuer: string, url: URL): Generator<Finding> {
  const { name } = providerOf(issuer);
  if (issuer.includes(TENANT)) {
    yield warning(CHECK, `${issuer} stands for several tenants`, {
      advice: 'Name the tenants whose tokens are trusted',
      config: configLine('oidc.tenants', ['<tenant id>']),
    });
  } else if (manyTenants.test(url.pathname)) {
    yield problem(CHECK, `${issuer} names no tenant, and no token ever carries that name`, {
      advice: "Put the tenant's id there",
      config: configLine('oidc.issuer', issuer.replace(manyTenants, '/<tenant id>$2')),
    });
  }
  if (name === 'okta' && !url.pathname.startsWith('/oauth2/')) {
    yield problem(CHECK, `${issuer} is Okta's organization server, whose access tokens are for Okta alone`, {
      advice: 'Use a custom authorization server',
      config: configLine('oidc.issuer', `${url.origin}/oauth2/default`),
    });
  }
  if (url.hostname === 'accounts.google.com') {
    yield problem(CHECK, 'Google gives out access tokens that only Google can read', {
      advice: 'Put a provider between that issues JWT access tokens, such as Keycloak or Dex, with Google behind it',
    });
  }
}

function https(issuer: string): string {
  return issuer.replace(/^http:/, 'https:');
}
