import { isLoopbackHost, parseUrl } from '@nmp/tokens';
import { ConfigError } from './config-error.js';
import type { PlatformConfig } from './platform-config.js';

/**
 * Makes sure that tokens which nobody signed are taken only where no other machine can send one.
 * @throws {ConfigError} when the service would listen, or be reached, somewhere else.
 */
export function requireLoopbackForUnsignedTokens({
  server: { host },
  publicUrl,
  auth,
}: Pick<PlatformConfig, 'server' | 'publicUrl' | 'auth'>): void {
  if (auth.allowUnsignedJwt !== true || auth.enabled === false) return;
  const whose = 'with auth.allow_unsigned_jwt, since other machines could sign in as anybody';
  const problems = [
    ...(isLoopbackHost(host) ? [] : [`server.host must be 127.0.0.1, ::1 or localhost ${whose}`]),
    ...(isLoopbackHost(parseUrl(publicUrl)?.hostname ?? '') ? [] : [`public_url must be on this machine ${whose}`]),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}
