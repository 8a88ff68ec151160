import { type ClaimExpectations, discoveryUrls, type MintedTokenKind } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { IssuerConfig, IssuerSource } from './issuer-config.js';

/** The issuers of tokens that a platform makes itself: of hop tokens, another service; of the other kinds, this one. */
export function mintedIssuersOf(options: AuthModuleOptions): IssuerConfig[] {
  const { hop, workload, accessKeys } = options;
  return [
    ...(hop ? [mintedIssuer('hop', hop, options, { jwksUri: hop.jwksUri, discoveryUrls: hopDiscoveryUrls(hop) })] : []),
    ...(workload ? [mintedIssuer('workload', workload, options, { ownKeys: workload.keys })] : []),
    ...(accessKeys ? [mintedIssuer('access-key', accessKeys, keyLimits(options), { ownKeys: accessKeys.keys })] : []),
  ];
}

/** How long a key lives is the platform's own decision: the greatest age of tokens is not meant for it. */
function keyLimits({ clockToleranceSeconds }: AuthModuleOptions): AuthModuleOptions {
  return { clockToleranceSeconds };
}

function mintedIssuer(
  kind: MintedTokenKind,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
  { clockToleranceSeconds, maxTokenAgeSeconds }: AuthModuleOptions,
  source: Partial<IssuerSource>,
): IssuerConfig {
  const expectations: ClaimExpectations = {
    issuer,
    audience: Object.freeze([audience]),
    isAudienceAlone: true,
    clockToleranceSeconds: clockToleranceSeconds ?? 30,
    ...(maxTokenAgeSeconds !== undefined && { maxTokenAgeSeconds }),
  };
  return {
    kind,
    issuer,
    source: { name: issuer, jwksUri: undefined, discoveryUrls: [], ...source },
    expectations,
    // What role bindings speak of is said by each token for the issuer it names; a workload's identity is the platform's own.
    sharesUsers: kind === 'workload',
  };
}

function hopDiscoveryUrls({ issuer, discoveryUrl }: { issuer: string; discoveryUrl?: string }): string[] {
  return discoveryUrl === undefined ? discoveryUrls(issuer) : [discoveryUrl];
}
