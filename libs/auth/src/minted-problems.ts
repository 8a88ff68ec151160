import type { AuthModuleOptions } from './auth-options.js';
import { insecureUrls } from './insecure-urls.js';
import { additionalIssuersOf } from './issuer-config.js';

/** What is wrong with the issuers of minted tokens beside the others: one name, or one audience, for tokens of two kinds. */
export function mintedProblems(options: AuthModuleOptions): string[] {
  const { hop, workload, accessKeys, allowInsecureHttp } = options;
  return [
    ...(hop === undefined || allowInsecureHttp === true
      ? []
      : insecureUrls('hop', hop, ['issuer', 'jwksUri', 'discoveryUrl'])),
    ...(['hop', 'workload', 'accessKeys'] as const).flatMap((name) => confusions(name, options)),
    ...(hop !== undefined && hop.issuer === workload?.issuer
      ? ['hop.issuer must not be workload.issuer: a service takes no hop tokens of its own']
      : []),
    ...(hop !== undefined && hop.issuer === accessKeys?.issuer
      ? ['hop.issuer must not be accessKeys.issuer: a service takes no hop tokens of its own']
      : []),
    ...(workload !== undefined && workload.audience === accessKeys?.audience
      ? ['accessKeys.audience must not be workload.audience']
      : []),
  ];
}

/** Where an access token and a minted one could be taken for each other, neither is safe. */
function confusions(name: 'hop' | 'workload' | 'accessKeys', options: AuthModuleOptions): string[] {
  const minted = options[name];
  const { oidc } = options;
  if (minted === undefined || oidc === undefined || oidc.enabled === false) return [];
  const others = additionalIssuersOf(oidc);
  const issuers = [oidc.issuer, ...others.map(({ issuer }) => issuer)];
  const audiences = [oidc.audience ?? oidc.clientId, ...others.map(({ audience }) => audience)].flat();
  return [
    ...(issuers.includes(minted.issuer) ? [`${name}.issuer must not be an issuer of access tokens`] : []),
    ...(audiences.includes(minted.audience) ? [`${name}.audience must not be the audience of access tokens`] : []),
  ];
}
