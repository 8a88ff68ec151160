import { SignInError } from './errors.js';
import { discoverProvider } from './discovery.js';
import type { BrowserSignIn } from './grants/authorization-code-grant.js';
import { authorizationCodeGrant } from './grants/authorization-code-grant.js';
import { clientCredentialsGrant } from './grants/client-credentials-grant.js';
import type { DeviceCode } from './grants/device-grant.js';
import { requestDeviceCode } from './grants/device-grant.js';
import { pollForTokens } from './grants/device-poll.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import type { PasswordCredentials } from './grants/password-grant.js';
import { passwordGrant } from './grants/password-grant.js';
import type { TokenSet } from './grants/token-set.js';

/** A way to get tokens from the identity provider. */
export type TokenGrant =
  | {
      readonly type: 'device';
      /** Told the page and the code as soon as they are known; the wait begins when it returns. */
      readonly onDeviceCode: (device: DeviceCode) => void | Promise<void>;
    }
  | ({ readonly type: 'password' } & PasswordCredentials)
  | ({ readonly type: 'browser' } & BrowserSignIn)
  /** The client signs in for itself; it needs its secret. */
  | { readonly type: 'client-credentials' };

/**
 * Gets tokens in the way that was chosen.
 * @throws {SignInError} and {GrantError} when the provider does not offer it, or refuses.
 */
export async function obtainTokens(
  grant: TokenGrant,
  provider: IdentityProvider,
  scopes: readonly string[],
): Promise<TokenSet> {
  if (grant.type === 'password') return passwordGrant(provider, grant, scopes);
  if (grant.type === 'browser') return authorizationCodeGrant(await withMetadata(provider), scopes, grant);
  if (grant.type === 'client-credentials') return clientCredentialsGrant(provider, scopes);
  if (provider.deviceAuthorizationEndpoint === undefined) {
    throw new SignInError(
      'device_flow_unsupported',
      `The identity provider ${provider.issuer} offers no device sign-in. Use --username and --password, or ask its administrator to switch the device flow on`,
    );
  }
  const device = await requestDeviceCode(provider, scopes);
  await grant.onDeviceCode(device);
  return pollForTokens(provider, device);
}

/** The provider's own word on what the platform does not publish. */
async function withMetadata(provider: IdentityProvider): Promise<IdentityProvider> {
  const { authorizationEndpoint, namesItself } = await discoverProvider(provider.issuer, provider.http);
  return {
    ...provider,
    namesItself,
    authorizationEndpoint: provider.authorizationEndpoint ?? authorizationEndpoint,
  };
}
