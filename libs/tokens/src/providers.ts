import { parseUrl } from './issuers.js';

/** The identity providers whose habits are known. */
export type ProviderName = 'azure-ad' | 'okta' | 'keycloak' | 'cognito' | 'generic';

/** What is known about one kind of identity provider. */
export interface Provider {
  readonly name: ProviderName;
  /** What its documentation calls it. */
  readonly title: string;
  /** The claims that hold e-mail, subject and groups when the configuration names none. */
  readonly claims: { readonly email: string; readonly subject: string; readonly groups: string };
}

interface ProviderEntry extends Provider {
  /** Whether an issuer is of this kind. */
  readonly matches: (issuer: URL) => boolean;
}

const standardClaims = { email: 'email', subject: 'sub', groups: 'groups' } as const;

// Vendor hosts are listed only where the product fixes them.
const azureHosts = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'sts.windows.net',
  'sts.chinacloudapi.cn',
]);

const generic: Provider = { name: 'generic', title: 'OpenID Connect provider', claims: standardClaims };

const providers: readonly ProviderEntry[] = [
  {
    name: 'azure-ad',
    title: 'Azure AD (Entra ID)',
    claims: { email: 'upn', subject: 'oid', groups: 'groups' },
    matches: (issuer) => azureHosts.has(issuer.hostname),
  },
  {
    name: 'okta',
    title: 'Okta',
    claims: standardClaims,
    matches: (issuer) => /\.(okta|oktapreview|okta-emea|okta-gov)\.com$/.test(issuer.hostname),
  },
  {
    name: 'cognito',
    title: 'Amazon Cognito',
    claims: { ...standardClaims, groups: 'cognito:groups' },
    matches: (issuer) => /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(issuer.hostname),
  },
  {
    name: 'keycloak',
    title: 'Keycloak',
    claims: standardClaims,
    matches: (issuer) => /\/realms\/[^/]+\/?$/.test(issuer.pathname),
  },
];

/** The kind of identity provider an issuer is; `generic` when nothing tells. */
export function providerOf(issuer: string): Provider {
  const url = parseUrl(issuer);
  return (url && providers.find((provider) => provider.matches(url))) ?? generic;
}
