import { providerOf } from '@nmp/tokens';
import { GrantError, grantErrorOf } from './grant-error.js';
import type { IdentityProvider } from './identity-provider.js';
import { oauthRequest, repeatedParameters } from './identity-provider.js';
import { normalizeAnswer } from './normalize-answer.js';
import { DEFAULT_REDIRECT_URI, LoopbackReceiver } from './loopback-receiver.js';
import { isSameSecret } from './same-secret.js';
import type { TokenSet } from './token-set.js';
import { tokenSetOf } from './token-set.js';

/** How long a person may take to sign in. */
export const SIGN_IN_SECONDS = 300;

/** What the authorization code grant needs beside the provider. */
export interface BrowserSignIn {
  /** Told the page to open in a browser on this machine. */
  readonly onAuthorizationUrl: (url: string) => void | Promise<void>;
  /** An address of this machine, as registered for the client. @default http://127.0.0.1/callback on any free port */
  readonly redirectUri?: string | undefined;
}

/**
 * Signs a person in with a browser on this machine: authorization code with PKCE, the browser comes back to a port that only
 * this machine reaches.
 * @throws {GrantError} when the provider refuses, answers for somebody else, or nobody comes back in time.
 * @see RFC 8252, RFC 7636, RFC 9207
 */
export async function authorizationCodeGrant(
  provider: IdentityProvider,
  scopes: readonly string[],
  { onAuthorizationUrl, redirectUri = DEFAULT_REDIRECT_URI }: BrowserSignIn,
): Promise<TokenSet> {
  const receiver = await LoopbackReceiver.listen(redirectUri);
  try {
    const attempt = await newAttempt(provider, scopes, receiver.redirectUri.href);
    const answer = receiver.receive((parameters) => isSameSecret(parameters.get('state') ?? '', attempt.state));
    await onAuthorizationUrl(attempt.url);
    const parameters = await inTime(answer, provider);
    return await exchange(provider, attempt, parameters);
  } finally {
    receiver.close();
  }
}

/** One sign-in that is under way. */
interface Attempt {
  readonly url: string;
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

async function newAttempt(
  provider: IdentityProvider,
  scopes: readonly string[],
  redirectUri: string,
): Promise<Attempt> {
  const { oauth, server } = await oauthRequest(provider);
  const { authorization_endpoint: endpoint } = server;
  if (endpoint === undefined) {
    throw new GrantError(
      'browser_flow_unsupported',
      `The identity provider ${provider.issuer} names no page to sign in on. Use the device flow: nemo auth login`,
    );
  }
  const state = oauth.generateRandomState();
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const url = new URL(endpoint);
  const parameters: Record<string, string> = {
    ...consentFor(scopes, provider),
    ...provider.loginParameters,
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, state, codeVerifier, redirectUri };
}

/**
 * Offline access has to be consented to, and by the letter a provider gives no refresh token without this. Entra does, and
 * there it would ask people for what only their administrator may grant.
 * @see OpenID Connect Core §11
 */
function consentFor(scopes: readonly string[], { issuer }: IdentityProvider): Record<string, string> {
  const isNeeded = scopes.includes('offline_access') && providerOf(issuer).name !== 'azure-ad';
  return isNeeded ? { prompt: 'consent' } : {};
}

async function inTime(answer: Promise<URLSearchParams>, { clock, http }: IdentityProvider): Promise<URLSearchParams> {
  const decided = new AbortController();
  const stop = (): void => decided.abort(http.signal?.reason);
  if (http.signal?.aborted) stop();
  http.signal?.addEventListener('abort', stop, { once: true });
  const tooLate = clock.sleep(SIGN_IN_SECONDS * 1000, decided.signal).then((): never => {
    throw new GrantError(
      'expired_locally',
      `Nobody came back from the sign-in page within ${SIGN_IN_SECONDS / 60} minutes. Run: nemo auth login`,
    );
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    http.signal?.removeEventListener('abort', stop);
    decided.abort();
    tooLate.catch(() => undefined); // nobody waits for it any more
  }
}

async function exchange(
  provider: IdentityProvider,
  { state, codeVerifier, redirectUri }: Attempt,
  answer: URLSearchParams,
): Promise<TokenSet> {
  try {
    const { oauth, server, client, clientAuth, options } = await oauthRequest(provider);
    const parameters = oauth.validateAuthResponse(server, client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth,
      parameters,
      redirectUri,
      codeVerifier,
      { ...options, additionalParameters: repeatedParameters(provider) },
    );
    return tokenSetOf(await oauth.processAuthorizationCodeResponse(server, client, response), provider);
  } catch (error) {
    const secrets = [answer.get('code') ?? '', codeVerifier, provider.clientSecret ?? ''];
    throw grantErrorOf(refusalOf(error, answer), 'authorization_code', provider, secrets);
  }
}

/** An error that came with the browser, in the form of one that came with an answer. @see RFC 6749 §4.1.2.1 */
function refusalOf(error: unknown, answer: URLSearchParams): unknown {
  if ((error as { code?: unknown }).code !== 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return error;
  const { body } = normalizeAnswer({
    status: 400,
    contentType: 'application/x-www-form-urlencoded',
    text: JSON.stringify(Object.fromEntries(answer)),
  });
  return new Error('refused', { cause: body });
}
