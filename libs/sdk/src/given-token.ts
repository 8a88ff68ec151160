import { ApiClient } from './api-client.js';
import type { Clock } from './clock.js';
import { ConfigDocument } from './config-document.js';
import { NotFoundError, UnauthorizedError } from './errors.js';
import type { HttpContext } from './http-context.js';
import { Auth } from './resources/auth.js';
import { resolveSettings } from './settings.js';
import { FixedTokenSource } from './token-source.js';

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
  const settings = resolveSettings({ baseUrl, accessToken, env: {} }, ConfigDocument.parse('', ''));
  const connection = { settings, tokens: new FixedTokenSource(accessToken) };
  try {
    await new Auth(
      new ApiClient(() => Promise.resolve(connection), http, { maxRetries: 0, clock, random: () => 0 }),
    ).whoami();
  } catch (error) {
    if (error instanceof NotFoundError) return;
    if (error instanceof UnauthorizedError) throw refused(error);
    throw error;
  }
}

function refused({ status, code, detail, requestId }: UnauthorizedError): UnauthorizedError {
  const advice = 'Nothing was saved. Get a token for this platform from its identity provider, then try again';
  return new UnauthorizedError(status, code, detail, requestId, { advice });
}
