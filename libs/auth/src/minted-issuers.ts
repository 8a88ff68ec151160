import { type ClaimExpectations, discoveryUrls } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { IssuerConfig, IssuerSource } from './issuer-config.js';

/** The issuers of tokens that a platform makes itself: of hop tokens, another service; of workload tokens, this one. */
export function mintedIssuersOf(options: AuthModuleOptions): IssuerConfig[] {
  const { hop, workload } = options;
  return [
    ...(hop ? [mintedIssuer('hop', hop, options, { jwksUri: hop.jwksUri, discoveryUrls: hopDiscoveryUrls(hop) })] : []),
    ...(workload ? [mintedIssuer('workload', workload, options, { ownKeys: workload.keys })] : []),
  ];
}

function mintedIssuer(
  kind: 'hop' | 'workload',
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
