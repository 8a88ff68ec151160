import {
  type ClaimExpectations,
  type ClaimMapping,
  discoveryUrls,
  type MintedTokenKind,
  normalizeScopePrefix,
  providerOf,
  TENANT,
} from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { AdditionalIssuerOptions, OidcOptions } from './oidc-options.js';
import { confirmationExpectationsOf } from './possession-config.js';
import type { KeyReader } from './workload-options.js';

/** Where an issuer's document and keys come from. Tenants of one template share it. */
export interface IssuerSource {
  /** What the discovery document calls itself: the issuer, or the template. */
  readonly name: string;
  readonly jwksUri: string | undefined;
  /** Where the discovery document may be, in the order to try. */
  readonly discoveryUrls: readonly string[];
  /** Reads the keys where they are this process's own. */
  readonly ownKeys?: KeyReader;
}

/** What is known of one trusted issuer. Each issues tokens of one kind, and its tokens of another kind are refused. */
export type IssuerConfig = ProviderConfig | MintedIssuerConfig;

/** An identity provider. */
export interface ProviderConfig extends TrustedIssuerConfig {
  readonly kind: 'access';
  readonly mapping: ClaimMapping;
}

/** A platform that issues tokens itself; what is in them is fixed. */
export interface MintedIssuerConfig extends TrustedIssuerConfig {
  readonly kind: MintedTokenKind;
}

interface TrustedIssuerConfig {
  /** Its exact name, as in a token's `iss`. */
  readonly issuer: string;
  readonly source: IssuerSource;
  /** What its tokens are checked against. */
  readonly expectations: ClaimExpectations;
  /** Whether its identities are the main issuer's users. */
  readonly sharesUsers: boolean;
}

/** The issuers that checked options trust, the main one first; one for each tenant of a template. */
export function issuerConfigsOf(options: AuthModuleOptions, oidc: OidcOptions): ProviderConfig[] {
  const { issuer, audience, jwksUri, discoveryUrl, tenants, emailClaim, subjectClaim, groupsClaim } = oidc;
  const main: AdditionalIssuerOptions = {
    issuer: issuer ?? '',
    audience: audience ?? oidc.clientId,
    jwksUri,
    discoveryUrl,
    tenants,
    emailClaim,
    subjectClaim,
    groupsClaim,
    sharesUsers: true,
  };
  return [main, ...additionalIssuersOf(oidc)].flatMap((entry) => tenantConfigs(entry, main, options, oidc));
}

/** The additional issuers as objects; reading the options has turned plain strings into them. */
export function additionalIssuersOf(oidc: OidcOptions): AdditionalIssuerOptions[] {
  return (oidc.additionalIssuers ?? []).filter((entry): entry is AdditionalIssuerOptions => typeof entry !== 'string');
}

function tenantConfigs(
  entry: AdditionalIssuerOptions,
  main: AdditionalIssuerOptions,
  options: AuthModuleOptions,
  oidc: OidcOptions,
): ProviderConfig[] {
  const { issuer, jwksUri, discoveryUrl } = entry;
  const isTemplate = issuer.includes(TENANT);
  // The documents of all tenants together are found under the name `common`.
  const found = discoveryUrl === undefined ? discoveryUrls(issuer.replace(TENANT, 'common')) : [discoveryUrl];
  const source: IssuerSource = { name: issuer, jwksUri, discoveryUrls: found };
  const tenants = isTemplate ? (entry.tenants ?? []) : [undefined];
  return tenants.map((tenant) => {
    const name = tenant === undefined ? issuer : issuer.replace(TENANT, tenant);
    const audience =
      oidc.verifyAudience === false ? false : Object.freeze([entry.audience ?? main.audience ?? []].flat());
    return {
      kind: 'access',
      issuer: name,
      source,
      expectations: {
        issuer: name,
        audience,
        ...expectationsOf(options, oidc),
        ...(tenant !== undefined && { tenant }),
      },
      mapping: { ...mappingOf(entry, oidc), ...servicesOf(name, options) },
      sharesUsers: entry.sharesUsers ?? false,
    };
  });
}

function expectationsOf(options: AuthModuleOptions, oidc: OidcOptions): Omit<ClaimExpectations, 'issuer' | 'audience'> {
  const { maxTokenAgeSeconds } = options;
  const { authorizedParties, acceptAuthorizedParty, clientId } = oidc;
  return {
    clockToleranceSeconds: options.clockToleranceSeconds ?? 30,
    profile: options.profile ?? 'jwt',
    confirmation: confirmationExpectationsOf(options),
    ...(maxTokenAgeSeconds !== undefined && { maxTokenAgeSeconds }),
    ...(authorizedParties && { authorizedParties }),
    ...(acceptAuthorizedParty && clientId !== undefined && { acceptedParty: clientId }),
  };
}

/** The clients of the issuer that are services. */
function servicesOf(issuer: string, { serviceClients = [] }: AuthModuleOptions): Pick<ClaimMapping, 'services'> {
  const own = serviceClients.filter((entry) => entry.issuer === issuer);
  return own.length === 0 ? {} : { services: new Map(own.map(({ clientId, name }) => [clientId, name])) };
}

/** Explicit settings win; what is not set comes from the kind of provider this issuer is. */
function mappingOf(entry: AdditionalIssuerOptions, oidc: OidcOptions): ClaimMapping {
  const { claims } = providerOf(entry.issuer);
  const shared = entry.sharesUsers ? oidc : undefined;
  const subject = entry.subjectClaim ?? shared?.subjectClaim;
  return {
    email: entry.emailClaim ?? shared?.emailClaim ?? claims.email,
    subject: subject ?? claims.subject,
    subjectFallsBack: subject === undefined,
    groups: entry.groupsClaim ?? shared?.groupsClaim ?? claims.groups,
    ...(oidc.scopePrefix === undefined ? {} : { scopePrefix: normalizeScopePrefix(oidc.scopePrefix) }),
    ...(oidc.requireVerifiedEmail && { requireVerifiedEmail: true }),
  };
}
