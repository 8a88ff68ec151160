import type { KoaContextWithOIDC } from 'oidc-provider';
import type { AccountDirectory } from '../accounts/account-directory.js';
import type { ClientDirectory } from '../accounts/client-directory.js';
import type { TokenSettings } from '../dev-idp-options.js';
import type { Logger } from '../logger.js';
import type { ProviderKeys } from '../state/provider-keys.js';
import type { StateStore } from '../state/state-store.js';
import type { OidcProvider } from './load-oidc-provider.js';

/** What a provider is made of. */
export interface ProviderParts {
  readonly oidc: OidcProvider;
  readonly issuer: string;
  readonly keys: ProviderKeys;
  readonly store: StateStore;
  readonly accounts: AccountDirectory;
  readonly clients: ClientDirectory;
  readonly tokens: TokenSettings;
  readonly logger: Logger;
}

/** The resource every access token is for, unless told otherwise. @see RFC 8707 */
export const platformResource = 'urn:nmp:platform';

/** One step of the provider's way through a request. */
export type Middleware = (context: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;
