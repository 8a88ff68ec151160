import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import { StandingClock } from '../../test/support/standing-clock.js';
import { StubIdp } from '../../test/support/stub-idp.js';
import { authorizationCodeGrant } from './authorization-code-grant.js';
import type { IdentityProvider } from './identity-provider.js';
import type { TokenSet } from './token-set.js';

describe('authorizationCodeGrant', () => {
  let idp: StubIdp;
  let provider: IdentityProvider;
  let page: URL;

  beforeEach(async () => {
    idp = await StubIdp.start();
    idp.http.on('POST /token', idp.tokens({ now: new Date('2030-01-01T00:00:00Z') }, { id_token: 'not.a.token' }));
    provider = {
      issuer: idp.issuer,
      tokenEndpoint: idp.endpoint('/token'),
      authorizationEndpoint: 'https://idp.example.com/authorize?tenant=t',
      clientId: 'nmp-cli',
      http: { fetch, timeoutMs: 30_000 },
      clock: new StandingClock(),
    };
  });
  afterEach(() => idp.close());

  const comeBack = (parameters: Record<string, string>): Promise<Response> =>
    fetch(`${page.searchParams.get('redirect_uri')}?${String(new URLSearchParams(parameters))}`);

  /** Runs a sign-in whose browser comes back with these parameters, and with the state that was sent. */
  const signIn = (answer: Record<string, string>, more: Partial<IdentityProvider> = {}): Promise<TokenSet> =>
    authorizationCodeGrant({ ...provider, ...more }, ['openid', 'platform:read'], {
      onAuthorizationUrl: async (url) => {
        page = new URL(url);
        await comeBack({ state: page.searchParams.get('state') ?? '', ...answer });
      },
    });

  it('sends the person to the provider with PKCE and a way back, and exchanges the code', async () => {
    const tokens = await signIn({ code: 'the-code' });
    expect(tokens).toMatchObject({ accessToken: expect.any(String), refreshToken: 'refresh-1' });
    expect(`${page.origin}${page.pathname}`).toBe('https://idp.example.com/authorize');
    const asked = Object.fromEntries(page.searchParams);
    expect(asked).toEqual({
      tenant: 't',
      client_id: 'nmp-cli',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      response_type: 'code',
      scope: 'openid platform:read',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const [form] = idp.tokenRequests;
    expect(form).toEqual({
      grant_type: 'authorization_code',
      client_id: 'nmp-cli',
      code: 'the-code',
      redirect_uri: asked.redirect_uri,
      code_verifier: expect.any(String),
    });
    const verifier = form?.code_verifier ?? '';
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked.code_challenge);
    await expect(comeBack({ state: asked.state ?? '', code: 'again' })).rejects.toThrow('fetch failed');
  });

  it('sends the secret and the parameters the provider wants, and lets them change nothing of the sign-in', async () => {
    const loginParameters = { audience: 'https://api.example.com', resource: 'urn:x', state: 'fixed' };
    await signIn({ code: 'c' }, { clientSecret: 's3cret', loginParameters });
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      audience: 'https://api.example.com',
      resource: 'urn:x',
      state: expect.not.stringMatching(/^fixed$/),
    });
    expect(idp.tokenRequests[0]).toMatchObject({ client_secret: 's3cret', resource: 'urn:x' });
  });

  it.each([
    ['https://idp.example.com', {}, 'consent'],
    ['https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0', {}, null],
    ['https://idp.example.com', { prompt: 'select_account' }, 'select_account'],
  ])('asks %s, told to send %j, for a refresh token with the prompt %s', async (issuer, loginParameters, prompt) => {
    await authorizationCodeGrant({ ...provider, issuer, loginParameters }, ['offline_access'], {
      onAuthorizationUrl: async (url) => {
        page = new URL(url);
        await comeBack({ state: page.searchParams.get('state') ?? '', code: 'c' });
      },
    });
    expect(page.searchParams.get('prompt')).toBe(prompt);
  });

  it('takes an answer with another state for no answer', async () => {
    const statuses: number[] = [];
    const signedIn = authorizationCodeGrant(provider, [], {
      onAuthorizationUrl: async (url) => {
        page = new URL(url);
        for (const state of ['', 'other', page.searchParams.get('state') ?? '']) {
          statuses.push((await comeBack({ state, code: `code-for-${state}` })).status);
        }
      },
    });
    await expect(signedIn).resolves.toMatchObject({ accessToken: expect.any(String) });
    expect(statuses).toEqual([400, 400, 200]);
    expect(idp.tokenRequests).toHaveLength(1);
    expect(idp.tokenRequests[0]?.code).not.toBe('code-for-other');
  });

  it('refuses an answer that another issuer gave, or none where the provider always names itself', async () => {
    await expect(signIn({ code: 'c', iss: 'https://evil.example' })).rejects.toThrow(/cannot be used: .*iss/);
    await expect(signIn({ code: 'c' }, { namesItself: true })).rejects.toThrow(/cannot be used: .*iss/);
    expect(idp.tokenRequests).toEqual([]);
    await expect(signIn({ code: 'c', iss: idp.issuer }, { namesItself: true })).resolves.toBeDefined();
  });

  it.each([
    ['access_denied', 'The person said no', /answered access_denied: The person said no\..*nemo auth login/],
    ['invalid_scope', '', /answered invalid_scope\. .*--scope/],
    ['unauthorized_client', '', /switch on the authorization code grant/],
  ])('says what to do when the provider comes back with %s', async (error, description, message) => {
    await expect(signIn({ error, error_description: description })).rejects.toThrow(message);
    expect(idp.tokenRequests).toEqual([]);
  });

  it('does not repeat the code when the provider refuses it', async () => {
    idp.http.on('POST /token', idp.error('invalid_grant', { error_description: 'the-code is used up' }));
    const refusal = await signIn({ code: 'the-code' }).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: 'invalid_grant', message: expect.not.stringContaining('the-code') });
  });

  it('gives up after five minutes', async () => {
    const clock = new FakeClock();
    const waiting = authorizationCodeGrant({ ...provider, clock }, [], { onAuthorizationUrl: () => undefined });
    await expect(waiting).rejects.toThrow(/within 5 minutes\. Run: nemo auth login/);
    expect(clock.sleptSeconds).toEqual([300]);
  });

  it('ends when it is interrupted', async () => {
    const caller = new AbortController();
    const http = { ...provider.http, signal: caller.signal };
    const waiting = authorizationCodeGrant({ ...provider, http }, [], {
      onAuthorizationUrl: () => caller.abort(new Error('interrupted')),
    });
    await expect(waiting).rejects.toThrow('interrupted');
  });

  it.each([
    [undefined, /names no page to sign in on.*nemo auth login/],
    ['http://idp.example.com/authorize', /authorization_endpoint that is not https/],
  ])('does not send anybody to %s', async (authorizationEndpoint, message) => {
    await expect(signIn({ code: 'c' }, { authorizationEndpoint })).rejects.toThrow(message);
  });
});
