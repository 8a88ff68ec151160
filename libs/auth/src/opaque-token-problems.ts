import { TENANT } from '@nmp/tokens';
import type { AuthModuleOptions } from './auth-options.js';
import type { OidcOptions } from './oidc-options.js';

/** What is wrong with looking tokens up beside the other options. */
export function opaqueTokenProblems(options: AuthModuleOptions, oidc: OidcOptions): string[] {
  const { introspectOpaqueTokens: isAsked, resolveOpaqueTokensViaUserinfo: isUserinfo } = oidc;
  if (isAsked === true && isUserinfo === true) {
    return ['oidc.introspectOpaqueTokens and oidc.resolveOpaqueTokensViaUserinfo exclude each other: choose one'];
  }
  if (isAsked !== true && isUserinfo !== true) return unusedProblems(oidc);
  const name = isAsked === true ? 'introspectOpaqueTokens' : 'resolveOpaqueTokensViaUserinfo';
  const isTemplate = oidc.issuer?.includes(TENANT) ?? false;
  return [
    ...(isTemplate
      ? [`oidc.${name} needs an issuer without ${TENANT}: a token that says nothing names no tenant`]
      : []),
    ...(isAsked === true ? proofProblems(oidc) : userinfoProblems(options, oidc)),
  ];
}

/** What would never be used was meant for something. */
function unusedProblems(oidc: OidcOptions): string[] {
  const names = [
    'introspectionEndpoint',
    'introspectionClientId',
    'introspectionClientSecret',
    'introspectionPrivateKey',
    'introspectionAuthMethod',
    'introspectUnverifiableJwts',
  ] as const satisfies (keyof OidcOptions)[];
  return names
    .filter((name) => oidc[name] !== undefined && oidc[name] !== false && oidc.introspectOpaqueTokens === undefined)
    .map((name) => `oidc.${name} needs oidc.introspectOpaqueTokens`);
}

/** Whoever could ask without proving himself could try out tokens. @see RFC 7662 §2.1 */
function proofProblems(oidc: OidcOptions): string[] {
  const { introspectionClientSecret: secret, introspectionPrivateKey: key, introspectionAuthMethod: method } = oidc;
  if (secret === undefined && key === undefined) {
    return ['oidc.introspectOpaqueTokens needs oidc.introspectionClientSecret or oidc.introspectionPrivateKey'];
  }
  if (secret !== undefined && key !== undefined) {
    return ['oidc.introspectionClientSecret and oidc.introspectionPrivateKey exclude each other: choose one'];
  }
  if (method === undefined || (method === 'private_key_jwt') === (key !== undefined)) return [];
  const needed = key === undefined ? 'oidc.introspectionPrivateKey' : 'oidc.introspectionClientSecret';
  return [`oidc.introspectionAuthMethod ${method} needs ${needed}`];
}

/** UserInfo tells who somebody is, and nothing about the token. @see OIDC Core §5.3.2 */
function userinfoProblems({ maxTokenAgeSeconds, dpop }: AuthModuleOptions, oidc: OidcOptions): string[] {
  const name = 'oidc.resolveOpaqueTokensViaUserinfo';
  return [
    ...(oidc.verifyAudience === false
      ? []
      : [
          `${name} needs oidc.verifyAudience: false: UserInfo names no audience, so that tokens that were issued for any ` +
            'other application would be accepted; where that is not wanted, use oidc.introspectOpaqueTokens',
        ]),
    ...(oidc.authorizedParties ? [`${name} cannot be used with oidc.authorizedParties: UserInfo names no client`] : []),
    ...(dpop?.required === true ? [`${name} cannot be used with dpop.required: UserInfo names no key`] : []),
    ...(maxTokenAgeSeconds === undefined
      ? []
      : [`${name} cannot be used with maxTokenAgeSeconds: UserInfo names no time of issue`]),
  ];
}
