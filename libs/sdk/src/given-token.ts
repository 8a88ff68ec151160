import { decodeUnverifiedClaims } from '@nmp/tokens';
import { ApiClient } from './api-client.js';
import type { Clock } from './clock.js';
import { ConfigDocument } from './config-document.js';
import { NotFoundError, UnauthorizedError } from './errors.js';
import type { HttpContext } from './http-context.js';
import type { Identity } from './resources/auth.js';
import { Auth } from './resources/auth.js';
import { resolveSettings } from './settings.js';
import { FixedTokenSource } from './token-source.js';
import type { StoredCredentials } from './user-entry.js';

/**
 * Asks the platform whether it accepts a token that came from somewhere else. A platform that has no such question accepts it
 * unasked.
 * @throws {UnauthorizedError} when it does not.
 * @throws {ConnectionError} when it does not answer.
 */
export async function checkGivenToken(
  accessToken: string,
  baseUrl: string,
  http: HttpContext,
  clock: Clock,
): Promise<void> {
  try {
    await identityOfToken(accessToken, baseUrl, http, clock);
  } catch (error) {
    if (error instanceof NotFoundError) return;
    if (error instanceof UnauthorizedError) throw refused(error);
    throw error;
  }
}

/** Asks a platform who it takes the bearer of a token to be. It is asked once, and the token stays as it is. */
export function identityOfToken(
  accessToken: string,
  baseUrl: string,
  http: HttpContext,
  clock: Clock,
): Promise<Identity> {
  const settings = resolveSettings({ baseUrl, accessToken, env: {} }, ConfigDocument.parse('', ''));
  const connection = { settings, tokens: new FixedTokenSource(accessToken) };
  const patience = { maxRetries: 0, clock, random: () => 0 };
  return new Auth(new ApiClient(() => Promise.resolve(connection), http, patience)).whoami();
}

/** What to store of a token that came from somewhere else: it is a whole sign-in, and nothing of another one belongs to it. */
export function credentialsOfToken(accessToken: string): StoredCredentials {
  const issuer = decodeUnverifiedClaims(accessToken)?.iss;
  return { token: accessToken, ...(typeof issuer === 'string' ? { issuer } : {}) };
}

function refused({ status, code, detail, requestId }: UnauthorizedError): UnauthorizedError {
  const advice = 'Nothing was saved. Get a token for this platform from its identity provider, then try again';
  return new UnauthorizedError(status, code, detail, requestId, { advice });
}
