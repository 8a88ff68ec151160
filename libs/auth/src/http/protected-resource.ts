import type { AuthConfig } from '../auth-config.js';

/** The metadata of a protected resource. @see RFC 9728 §2 */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required?: boolean;
  readonly tls_client_certificate_bound_access_tokens?: boolean;
}

/**
 * Where the metadata of a resource is served: the well-known part stands between host and path.
 * @see RFC 9728 §3.1
 */
export function metadataUrlOf(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`;
}

/** What this service publishes about itself; `undefined` unless its public address is configured. */
export function protectedResourceOf(
  config: AuthConfig,
  scopes: readonly string[],
): ProtectedResourceMetadata | undefined {
  // Only from the providers can a client get a token for itself.
  const providers = config.issuers.filter(({ kind }) => kind === 'access');
  if (config.publicUrl === undefined || !config.enabled || providers.length === 0) return undefined;
  return {
    resource: config.publicUrl,
    authorization_servers: [...new Set(providers.map(({ issuer }) => issuer))],
    scopes_supported: scopes.toSorted(),
    bearer_methods_supported: ['header'],
    ...(config.dpop && {
      dpop_signing_alg_values_supported: config.dpop.algorithms,
      dpop_bound_access_tokens_required: config.dpop.required,
    }),
    ...(config.mtls && { tls_client_certificate_bound_access_tokens: true }),
  };
}
