import { TENANT } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { OidcOptions } from './oidc-options.js';
import { insecureUrls } from './insecure-urls.js';
import { additionalIssuersOf } from './issuer-config.js';
import { mintedProblems } from './minted-problems.js';
import { possessionProblems } from './possession-problems.js';
import { opaqueTokenProblems } from './opaque-token-problems.js';
import { unsignedProblems } from './unsigned-problems.js';

const mainUrls = [
  'issuer',
  'jwksUri',
  'discoveryUrl',
  'tokenEndpoint',
  'deviceAuthorizationEndpoint',
  'authorizationEndpoint',
  'userinfoEndpoint',
  'introspectionEndpoint',
] as const satisfies (keyof OidcOptions)[];

/** What is wrong with options that are each well-formed, and can only be said with several at hand. */
export function dependentProblems(options: AuthModuleOptions): string[] {
  const { oidc } = options;
  if (options.enabled === false) return [];
  return [
    ...trustProblems(options),
    ...possessionProblems(options),
    ...(oidc?.enabled === false ? [] : oidcProblems(options)),
    ...mintedProblems(options),
    ...unsignedProblems(options),
  ];
}

/** Headers that are believed without any condition would let in whoever writes them. */
function trustProblems({ trustedHeaders }: AuthModuleOptions): string[] {
  if (trustedHeaders === undefined) return [];
  const { cidrs, secretHeader, secret } = trustedHeaders;
  if ((secretHeader === undefined) !== (secret === undefined)) {
    return ['trustedHeaders.secretHeader and trustedHeaders.secret belong together'];
  }
  return (cidrs ?? secret) ? [] : ['trustedHeaders must name cidrs, or secretHeader and secret'];
}

function oidcProblems(options: AuthModuleOptions): string[] {
  const { oidc } = options;
  if (oidc === undefined) return [];
  return [
    ...insecureIssuers(options, oidc),
    ...duplicateIssuers(oidc),
    ...tenantProblems(oidc),
    ...serviceProblems(options, oidc),
    ...opaqueTokenProblems(options, oidc),
  ];
}

const meanings = {
  issuer: 'what the provider calls itself, an https URL',
  clientId: 'the client that people sign in with at the provider',
} as const;

/** The options that must be there, unless OIDC or everything is switched off. */
export function missingOptions({ enabled, oidc }: AuthModuleOptions): string[] {
  if (enabled === false || oidc?.enabled === false) return [];
  return (['issuer', 'clientId'] as const)
    .filter((name) => oidc?.[name] === undefined)
    .map((name) => {
      const alternatives = 'without a provider write oidc.enabled: false; enabled: false lets everybody in';
      return `oidc.${name} must be set (${meanings[name]}; ${alternatives})`;
    });
}

function insecureIssuers({ allowInsecureHttp }: AuthModuleOptions, oidc: OidcOptions): string[] {
  if (allowInsecureHttp === true) return [];
  const additional = additionalIssuersOf(oidc).flatMap((entry, index) =>
    insecureUrls(`oidc.additionalIssuers.${index}`, entry, ['issuer', 'jwksUri', 'discoveryUrl']),
  );
  return [...insecureUrls('oidc', oidc, mainUrls), ...additional];
}

function duplicateIssuers(oidc: OidcOptions): string[] {
  const seen = new Set(namesOf(oidc.issuer ?? '', oidc.tenants));
  return additionalIssuersOf(oidc).flatMap(({ issuer, tenants }, index) => {
    const names = namesOf(issuer, tenants);
    const isTwice = names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return isTwice ? [`oidc.additionalIssuers.${index}.issuer is listed twice`] : [];
  });
}

/** A service of an issuer that is not trusted would never be let in, and two names for one client would be a riddle. */
function serviceProblems({ serviceClients = [] }: AuthModuleOptions, oidc: OidcOptions): string[] {
  const entries = [{ issuer: oidc.issuer ?? '', tenants: oidc.tenants }, ...additionalIssuersOf(oidc)];
  const trusted = new Set(entries.flatMap(({ issuer, tenants }) => namesOf(issuer, tenants)));
  const seen = new Set<string>();
  return serviceClients.flatMap(({ issuer, clientId }, index) => {
    const path = `serviceClients.${index}`;
    const key = JSON.stringify([issuer, clientId]);
    const isTwice = seen.has(key);
    seen.add(key);
    return [
      ...(trusted.has(issuer) ? [] : [`${path}.issuer must be oidc.issuer or one of oidc.additionalIssuers`]),
      ...(isTwice ? [`${path}.clientId is listed twice`] : []),
    ];
  });
}

/** The issuers that an entry stands for: one for each tenant of a template. */
function namesOf(issuer: string, tenants: readonly string[] | undefined): string[] {
  return issuer.includes(TENANT) ? (tenants ?? []).map((tenant) => issuer.replace(TENANT, tenant)) : [issuer];
}

/** A template without a list of tenants would let in every customer of the provider. */
function tenantProblems(oidc: OidcOptions): string[] {
  const additional = additionalIssuersOf(oidc).flatMap(({ issuer, tenants }, index) =>
    problemsOfTenants(`oidc.additionalIssuers.${index}.tenants`, issuer, tenants),
  );
  return [...problemsOfTenants('oidc.tenants', oidc.issuer, oidc.tenants), ...additional];
}

function problemsOfTenants(path: string, issuer: string | undefined, tenants: readonly string[] | undefined): string[] {
  const isTemplate = issuer?.includes(TENANT) ?? false;
  if (isTemplate && tenants === undefined)
    return [`${path} must list the tenants to trust, since the issuer has ${TENANT}`];
  if (!isTemplate && tenants !== undefined) return [`${path} needs an issuer with ${TENANT} in it`];
  const isId = (tenant: string): boolean =>
    /^[A-Za-z0-9.-]+$/.test(tenant) && !/^(common|organizations|consumers)$/.test(tenant);
  return tenants === undefined || tenants.every(isId) ? [] : [`${path} must be ids of tenants`];
}
