import { isLoopbackHost, parseUrl } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';

/** What does not go with `allowUnsignedJwt`: whatever else people are known by, and a name by which others reach the service. */
export function unsignedProblems({
  allowUnsignedJwt,
  oidc,
  trustedHeaders,
  hop,
  accessKeys,
  publicUrl,
}: AuthModuleOptions): string[] {
  if (allowUnsignedJwt !== true) return [];
  const host = publicUrl === undefined ? undefined : parseUrl(publicUrl)?.hostname;
  return [
    ...(oidc?.enabled === false
      ? []
      : ['allowUnsignedJwt does not go with an identity provider: leave it out, or write oidc.enabled: false']),
    ...(trustedHeaders === undefined
      ? []
      : ['allowUnsignedJwt does not go with trustedHeaders, whose headers it believes']),
    ...(hop === undefined
      ? []
      : ['allowUnsignedJwt does not go with hop: whoever reaches a gateway is not on this machine']),
    ...(accessKeys === undefined
      ? []
      : ['allowUnsignedJwt does not go with accessKeys: they would outlive it, and be signed']),
    ...(host === undefined || isLoopbackHost(host)
      ? []
      : ['allowUnsignedJwt is for this machine alone, and publicUrl is not on it']),
  ];
}
