import type { AuthModuleOptions } from '@nmp/auth';
import { mintedNamesOf } from '../config/minted-names.js';
import type { PlatformConfig } from '../config/platform-config.js';
import type { OwnKeys } from './keys/own-keys.js';

/** The auth module's options: those of the configuration, and where tokens are exchanged, the trust in those given out. */
export function authOptionsWithWorkloads(
  { auth, publicUrl, tokenExchange }: Pick<PlatformConfig, 'auth' | 'publicUrl' | 'tokenExchange'>,
  keys: OwnKeys,
): AuthModuleOptions {
  if (tokenExchange === undefined) return auth;
  const { issuer, tokenEndpoint } = mintedNamesOf(publicUrl);
  return { ...auth, workload: { issuer, audience: tokenExchange.audience, tokenEndpoint, keys: keys.read } };
}
