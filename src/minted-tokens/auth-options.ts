import type { AuthModuleOptions } from '@nmp/auth';
import type { ActiveAccessKeys } from '../access-keys/active-access-keys.js';
import { settingNameOf } from '../config/auth-options.js';
import { mintedNamesOf } from '../config/minted-names.js';
import type { PlatformConfig } from '../config/platform-config.js';
import type { OwnKeys } from './keys/own-keys.js';

/** The auth module's options: those of the configuration, and the trust in those tokens that the platform makes for itself. */
export function authOptionsWithOwnTokens(
  { auth, publicUrl, tokenExchange, accessKeys }: PlatformConfig,
  { read: keys }: OwnKeys,
  activeKeys: ActiveAccessKeys,
): AuthModuleOptions {
  const { issuer, tokenEndpoint } = mintedNamesOf(publicUrl);
  const isActive = (jti: string, now: Date): boolean => activeKeys.isActive(jti, now);
  return {
    ...auth,
    optionNames: settingNameOf,
    ...(tokenExchange && { workload: { issuer, audience: tokenExchange.audience, tokenEndpoint, keys } }),
    ...(accessKeys && { accessKeys: { issuer, audience: accessKeys.audience, keys, isActive } }),
  };
}
