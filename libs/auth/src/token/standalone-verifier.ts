import type { Principal } from '@nmp/tokens';
import { authConfigOf } from '../auth-config.js';
import type { AuthModuleOptions } from '../auth-options.js';
import { type Clock, systemClock } from '../clock.js';
import type { KeySetEvents } from '../keys/key-set-events.js';
import { TrustedIssuers } from '../keys/trusted-issuers.js';
import { AccessTokenVerifier } from './access-token-verifier.js';

/** Verifies tokens that come by another way than a request to this application. */
export interface StandaloneVerifier {
  /**
   * @throws {InvalidTokenError} with the reason why the token is refused.
   * @throws {IssuerUnavailableError} Nothing can be said, because the issuer's keys cannot be had.
   * @throws {OverloadedError} Nothing can be said, because too many tokens are being verified.
   */
  verify(token: string): Promise<Principal>;
}

const silent: KeySetEvents = {
  refreshed: () => {},
  unavailable: () => {},
  recovered: () => {},
  privateKeysPublished: () => {},
};

/**
 * Makes a verifier beside the application's own, with the same rules and with issuers, keys and caches of its own. What it
 * accepts gets nobody past a guard, and is no event of the application.
 * @throws {AuthConfigError} naming every wrong or missing option.
 */
export function standaloneVerifier(
  options: AuthModuleOptions,
  clock: Clock = systemClock,
  events: KeySetEvents = silent,
): StandaloneVerifier {
  const config = authConfigOf(options);
  return new AccessTokenVerifier(config, new TrustedIssuers(config, clock, events), clock);
}
