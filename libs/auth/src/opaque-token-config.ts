import { type ClientKey, clientKeyOf } from './client-key.js';
import type { OidcOptions } from './oidc-options.js';

/** How a client can prove itself at the introspection endpoint. */
export const clientAuthMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type ClientAuthMethod = (typeof clientAuthMethods)[number];

/** What a client proves itself with. */
export type ClientProof =
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly key: ClientKey };

/** Asks the introspection endpoint. @see RFC 7662 */
export interface IntrospectionConfig extends LookupConfig {
  readonly way: 'introspection';
  readonly proof: ClientProof;
  readonly requiresTokenType: boolean;
  /** Whether JWTs of the issuer are asked about that cannot be verified. */
  readonly includesJwts: boolean;
}

/** Asks the UserInfo endpoint. @see OIDC Core §5.3 */
export interface UserinfoConfig extends LookupConfig {
  readonly way: 'userinfo';
}

/** How tokens that say nothing themselves are looked up at the main issuer. */
export type OpaqueTokenConfig = IntrospectionConfig | UserinfoConfig;

interface LookupConfig {
  /** Which client asks. */
  readonly clientId: string;
  /** Missing: as the discovery document says. */
  readonly endpoint: string | undefined;
  readonly cacheSeconds: number;
  readonly concurrency: number;
}

const DEFAULT_CACHE_SECONDS = 60;
const MAX_USERINFO_CACHE_SECONDS = 60;

/** What checked options say about tokens that are no JWT; `undefined`: they are refused. */
export function opaqueTokenConfigOf(oidc: OidcOptions): OpaqueTokenConfig | undefined {
  const cacheSeconds = oidc.opaqueTokenCacheSeconds ?? DEFAULT_CACHE_SECONDS;
  const concurrency = oidc.opaqueTokenConcurrency ?? 20;
  if (oidc.resolveOpaqueTokensViaUserinfo === true) {
    return Object.freeze<UserinfoConfig>({
      way: 'userinfo',
      clientId: oidc.clientId ?? '',
      endpoint: oidc.userinfoEndpoint,
      // It tells no end, so that nobody knows how long a token has been over.
      cacheSeconds: Math.min(cacheSeconds, MAX_USERINFO_CACHE_SECONDS),
      concurrency,
    });
  }
  const proof = clientProofOf(oidc);
  if (oidc.introspectOpaqueTokens !== true || proof === undefined) return undefined;
  return Object.freeze<IntrospectionConfig>({
    way: 'introspection',
    endpoint: oidc.introspectionEndpoint,
    clientId: oidc.introspectionClientId ?? oidc.clientId ?? '',
    proof,
    requiresTokenType: oidc.introspectionRequiresTokenType ?? true,
    includesJwts: oidc.introspectUnverifiableJwts ?? false,
    cacheSeconds,
    concurrency,
  });
}

function clientProofOf(oidc: OidcOptions): ClientProof | undefined {
  const { introspectionClientSecret: secret, introspectionPrivateKey: text, introspectionAuthMethod: method } = oidc;
  const key = text === undefined ? undefined : clientKeyOf(text);
  if (key !== undefined) return { method: 'private_key_jwt', key };
  if (secret === undefined) return undefined;
  return { method: method === 'client_secret_post' ? method : 'client_secret_basic', secret };
}
