import type { OidcDiscovery } from '@nmp/sdk';
import { normalizeScopePrefix, parseScopes, providerOf, stripScopePrefix } from '@nmp/tokens';
import type { Subject } from './subject.js';

/** What was said on the command line about provider and platform. */
export interface SubjectOptions {
  readonly clientId?: string;
  readonly audience?: string;
  readonly scope?: string;
  readonly scopePrefix?: string;
  readonly emailClaim?: string;
  readonly subjectClaim?: string;
  readonly groupsClaim?: string;
}

const DEFAULT_SCOPES = 'openid profile email offline_access platform:read platform:write';

/** A provider that no platform uses yet. */
export function subjectOfIssuer(issuer: string, options: SubjectOptions, clientSecret: string | undefined): Subject {
  const { clientId, audience } = options;
  return {
    issuer,
    ...commonOf(issuer, options, { clientId, clientSecret, scopePrefix: undefined }),
    audience: audience === undefined ? [clientId ?? []].flat() : parseScopes(audience),
    isAudienceAssumed: audience === undefined,
    loginParameters: undefined,
    published: {},
  };
}

/** The provider of a platform, as the platform publishes it. Its audience and claims are its own affair, unless they are given. */
export function subjectOfPlatform(
  oidc: OidcDiscovery,
  options: SubjectOptions,
  clientSecret: string | undefined,
): Subject {
  const { issuer, scopePrefix, loginParameters, tokenEndpoint, deviceAuthorizationEndpoint, defaultScopes } = oidc;
  const clientId = options.clientId ?? oidc.clientId;
  return {
    issuer,
    ...commonOf(issuer, { scope: defaultScopes.join(' '), ...options }, { clientId, clientSecret, scopePrefix }),
    audience: options.audience === undefined ? undefined : parseScopes(options.audience),
    isAudienceAssumed: false,
    loginParameters,
    published: { token: tokenEndpoint, deviceAuthorization: deviceAuthorizationEndpoint },
  };
}

type Client = Pick<Subject, 'clientId' | 'clientSecret' | 'scopePrefix'>;

function commonOf(
  issuer: string,
  options: SubjectOptions,
  client: Client,
): Client & Pick<Subject, 'scopes' | 'mapping'> {
  const { claims } = providerOf(issuer);
  const scopePrefix = options.scopePrefix ?? client.scopePrefix;
  const scopes = parseScopes(options.scope ?? DEFAULT_SCOPES);
  return {
    ...client,
    scopePrefix,
    scopes: scopes.map((scope) => stripScopePrefix(scope, scopePrefix)),
    mapping: {
      email: options.emailClaim ?? claims.email,
      subject: options.subjectClaim ?? claims.subject,
      subjectFallsBack: options.subjectClaim === undefined,
      groups: options.groupsClaim ?? claims.groups,
      ...(scopePrefix === undefined ? {} : { scopePrefix: normalizeScopePrefix(scopePrefix) }),
    },
  };
}
