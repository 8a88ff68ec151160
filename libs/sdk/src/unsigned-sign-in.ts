import {
  decodeUnverifiedClaims,
  isLoopbackHost,
  isUnsignedToken,
  scopesOfClaims,
  stringsOfClaim,
  UNSIGNED_TOKENS,
  writeUnsignedToken,
} from '@nmp/tokens';
import type { Clock } from './clock.js';
import type { PlatformDiscovery } from './discovery.js';
import { SignInError } from './errors.js';
import type { StoredCredentials } from './user-entry.js';

/** A sign-in by one's own word, on a platform for development that runs on this machine without an identity provider. */
export interface UnsignedGrant {
  readonly type: 'unsigned';
  /** Who signs in. */
  readonly email: string;
  readonly groups?: readonly string[] | undefined;
  /** How long the token is good for, half a day at the most. @default 3600 */
  readonly lifeSeconds?: number | undefined;
}

const DEFAULT_LIFE_SECONDS = 3600;

/**
 * Writes the token of a sign-in by one's own word.
 * @throws {SignInError} when the platform has an identity provider, does not take such tokens, or is on another machine.
 */
export function unsignedTokenFor(
  { email, groups = [], lifeSeconds = DEFAULT_LIFE_SECONDS }: UnsignedGrant,
  scopes: readonly string[],
  {
    baseUrl,
    discovery,
    clock,
  }: { readonly baseUrl: string; readonly discovery: PlatformDiscovery; readonly clock: Clock },
): string {
  const problem = problemOf(baseUrl, discovery);
  if (problem !== undefined) throw new SignInError('unsigned_not_accepted', problem);
  return writeUnsignedToken({ email, groups, scopes }, secondsOf(clock), lifeSeconds);
}

/** The same sign-in, from now on and for as long as before; `undefined` when it is of another kind, and cannot be made here. */
export function renewedUnsigned(old: StoredCredentials, clock: Clock): StoredCredentials | undefined {
  const claims = isUnsignedToken(old.token) ? decodeUnverifiedClaims(old.token) : undefined;
  const { iss, email, groups, iat, exp } = claims ?? {};
  const isOurs = iss === UNSIGNED_TOKENS.issuer && typeof iat === 'number' && typeof exp === 'number';
  if (claims === undefined || typeof email !== 'string' || !isOurs) return undefined;
  const identity = { email, groups: stringsOfClaim(groups), scopes: scopesOfClaims(claims) };
  return { ...old, token: writeUnsignedToken(identity, secondsOf(clock), exp - iat) };
}

function problemOf(baseUrl: string, { oidc, acceptsUnsigned }: PlatformDiscovery): string | undefined {
  if (oidc !== undefined)
    return `The platform at ${baseUrl} has an identity provider to sign in at. Run: nemo auth login`;
  if (acceptsUnsigned !== true) {
    return `The platform at ${baseUrl} takes no unsigned tokens. Where it runs for development on this machine alone, set auth.allow_unsigned_jwt and switch auth.oidc.enabled off`;
  }
  if (!isLoopbackHost(new URL(baseUrl).hostname)) {
    return `Unsigned tokens are for the machine that the platform runs on, and ${baseUrl} does not name this one. Call it http://localhost`;
  }
  return undefined;
}

function secondsOf(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}
