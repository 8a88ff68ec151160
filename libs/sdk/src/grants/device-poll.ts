import type { DeviceCode } from './device-grant.js';
import { GrantError, grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest, repeatedParameters } from './identity-provider.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

const SLOW_DOWN_SECONDS = 5;
const MAX_BACK_OFF_SECONDS = 60;
const deniedCodes = new Set(['access_denied', 'authorization_declined']);
const expiredCodes = new Set(['expired_token', 'token_expired', 'code_expired']);

/** When to poll next. */
interface Pace {
  readonly intervalSeconds: number;
  readonly waitSeconds: number;
}

/**
 * Waits until the person has signed in, asking at the pace the provider sets.
 * @throws {GrantError} `denied`, `expired`, `expired_locally` (the code would be dead before the next question), or the
 *   provider's own error code.
 * @see RFC 8628 §3.4, §3.5
 */
export async function pollForTokens(provider: IdentityProvider, device: DeviceCode): Promise<TokenSet> {
  const { clock, http } = provider;
  let pace: Pace = { intervalSeconds: device.intervalSeconds, waitSeconds: device.intervalSeconds };
  for (;;) {
    if (clock.now().getTime() + pace.waitSeconds * 1000 >= device.expiresAt.getTime())
      throw expiredLocally(device, pace);
    await clock.sleep(pace.waitSeconds * 1000, http.signal);
    const outcome = await attempt(provider, device);
    if (!(outcome instanceof GrantError)) return outcome;
    pace = nextPace(pace, outcome);
  }
}

async function attempt(provider: IdentityProvider, device: DeviceCode): Promise<TokenSet | GrantError> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const response = await oauth.deviceCodeGrantRequest(server, client, clientAuth, device.deviceCode, {
      ...options,
      additionalParameters: {
        ...repeatedParameters(provider),
        ...(device.codeVerifier !== undefined && { code_verifier: device.codeVerifier }),
      },
    });
    return tokenSetOf(await oauth.processDeviceCodeResponse(server, client, response), provider);
  } catch (error) {
    const secrets = [device.deviceCode, device.codeVerifier ?? '', provider.clientSecret ?? ''];
    const problem = grantErrorOf(error, 'device_token', provider, secrets);
    if (problem instanceof GrantError) return problem;
    throw problem;
  }
}

/**
 * The pace after an answer that was not the tokens.
 * @throws {GrantError} when the answer ends the sign-in.
 */
function nextPace({ intervalSeconds, waitSeconds }: Pace, answer: GrantError): Pace {
  if (answer.code === 'authorization_pending' && answer.httpStatus !== 429) {
    return { intervalSeconds, waitSeconds: intervalSeconds };
  }
  const asked = answer.retryAfterSeconds ?? 0;
  if (isSlowDown(answer)) {
    // RFC 8628 §3.5: five seconds more, for this and all later questions.
    const slower = Math.max(intervalSeconds + SLOW_DOWN_SECONDS, answer.intervalSeconds ?? 0);
    return { intervalSeconds: slower, waitSeconds: Math.max(slower, asked) };
  }
  if (answer.isTransient) {
    const doubled = Math.max(Math.min(waitSeconds * 2, MAX_BACK_OFF_SECONDS), intervalSeconds);
    return { intervalSeconds, waitSeconds: Math.max(doubled, asked) };
  }
  if (deniedCodes.has(answer.code)) throw ended('denied', answer, 'The sign-in was denied');
  if (expiredCodes.has(answer.code)) throw ended('expired', answer, 'The code expired before the sign-in was finished');
  throw answer;
}

function isSlowDown(answer: GrantError): boolean {
  const goesOn = ['authorization_pending', 'slow_down', 'rate_limited', 'temporarily_unavailable'].includes(
    answer.code,
  );
  return answer.code === 'slow_down' || (answer.httpStatus === 429 && goesOn);
}

function ended(code: 'denied' | 'expired', answer: GrantError, sentence: string): GrantError {
  const message = `${sentence}. ${answer.message}`;
  return new GrantError(code, message, answer.httpStatus, undefined, undefined, { cause: answer });
}

function expiredLocally({ lifetimeSeconds }: DeviceCode, { intervalSeconds, waitSeconds }: Pace): GrantError {
  const asked = waitSeconds > intervalSeconds ? ` (the provider asked for a pause of ${waitSeconds} s)` : '';
  return new GrantError(
    'expired_locally',
    `The code, good for ${lifetimeSeconds} s, expired before the sign-in was finished${asked}. Run: nemo auth login`,
  );
}
