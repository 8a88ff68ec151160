import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import type { StubAnswer } from '../../test/support/http-stub.js';
import { StubIdp } from '../../test/support/stub-idp.js';
import { requestDeviceCode } from './device-grant.js';
import { pollForTokens } from './device-poll.js';
import type { IdentityProvider } from './identity-provider.js';
import type { TokenSet } from './token-set.js';

describe('the device flow', () => {
  let idp: StubIdp;
  let clock: FakeClock;

  beforeEach(async () => {
    idp = await StubIdp.start();
    clock = new FakeClock();
    idp.http.on('POST /device', idp.deviceCode());
  });
  afterEach(() => idp.close());

  const provider = (more: Partial<IdentityProvider> = {}): IdentityProvider => ({
    issuer: idp.issuer,
    tokenEndpoint: idp.endpoint('/token'),
    deviceAuthorizationEndpoint: idp.endpoint('/device'),
    clientId: 'nmp-cli',
    http: { fetch, timeoutMs: 30_000 },
    clock,
    ...more,
  });
  const signIn = async (...answers: StubAnswer[]): Promise<TokenSet> => {
    idp.http.on('POST /token', answers);
    return pollForTokens(provider(), await requestDeviceCode(provider(), ['openid', 'platform:read']));
  };
  const pending = (): StubAnswer => idp.error('authorization_pending');
  const tokens = (): StubAnswer => idp.tokens({ now: clock.now() });

  it('asks as RFC 8628 says and waits the interval before each question', async () => {
    const { accessToken, refreshToken } = await signIn(pending(), pending(), tokens());
    expect(accessToken.split('.')).toHaveLength(3);
    expect(refreshToken).toBe('refresh-1');
    expect(clock.sleptSeconds).toEqual([5, 5, 5]);
    expect(idp.http.requestsTo('/device')[0]).toMatchObject({
      form: { client_id: 'nmp-cli', scope: 'openid platform:read' },
      headers: { accept: 'application/json' },
    });
    expect(idp.tokenRequests[0]).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'secret-device-code',
      client_id: 'nmp-cli',
    });
  });

  it('proves that who polls is who asked, where the provider wants that', async () => {
    const missing = { error_description: 'Missing parameter: code_challenge_method' };
    idp.http.on('POST /device', [idp.error('invalid_request', missing), idp.deviceCode()]);
    await signIn(pending(), tokens());
    const [, asked] = idp.http.requestsTo('/device');
    expect(asked?.form).toMatchObject({ code_challenge_method: 'S256', scope: 'openid platform:read' });
    const verifiers = idp.tokenRequests.map(({ code_verifier: verifier }) => String(verifier));
    expect(verifiers).toHaveLength(2);
    for (const verifier of verifiers) {
      expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked?.form['code_challenge']);
    }
  });

  it('does not go on proving to a provider that refuses whatever it is given', async () => {
    const missing = { error_description: 'Missing parameter: code_challenge_method' };
    idp.http.on('POST /device', idp.error('invalid_request', missing));
    await expect(signIn()).rejects.toMatchObject({ code: 'invalid_request' });
    expect(idp.http.requestsTo('/device')).toHaveLength(2);
  });

  it('slows down by five seconds for good, each time it is told to', async () => {
    const slow = idp.error('slow_down');
    await signIn(slow, slow, slow, pending(), tokens());
    expect(clock.sleptSeconds).toEqual([5, 10, 15, 20, 20]);
  });

  it('takes the interval a slow_down names if it is larger, and Retry-After for one wait only', async () => {
    await signIn(
      idp.error('slow_down', { interval: 30 }),
      idp.error('slow_down', { headers: { 'retry-after': '50' } }),
      pending(),
      tokens(),
    );
    expect(clock.sleptSeconds).toEqual([5, 30, 50, 35]);
  });

  it('backs off when the connection or the server fails, and recovers', async () => {
    const down: StubAnswer = { status: 502, text: '<html>' };
    await signIn(down, { breakConnection: true }, down, pending(), tokens());
    expect(clock.sleptSeconds).toEqual([5, 10, 20, 40, 5]);
  });

  it('treats 429 as slow_down', async () => {
    await signIn({ status: 429, text: 'Rate limited' }, pending(), tokens());
    expect(clock.sleptSeconds).toEqual([5, 10, 10]);
  });

  it('stops before a question that would come after the code expired', async () => {
    idp.http.on('POST /device', idp.deviceCode({ expires_in: 12 }));
    await expect(signIn(pending())).rejects.toMatchObject({ code: 'expired_locally' });
    expect(idp.tokenRequests).toHaveLength(2);
  });

  it.each([
    ['access_denied', 'denied'],
    ['authorization_declined', 'denied'],
    ['expired_token', 'expired'],
    ['code_expired', 'expired'],
    ['invalid_grant', 'invalid_grant'],
    ['quantum_flux', 'quantum_flux'],
  ])('ends on %s, with what to do next and no code', async (error, code) => {
    const failure = signIn(pending(), idp.error(error, { status: 403 }));
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(/nemo auth login/) });
    await expect(failure).rejects.toThrow(expect.not.stringContaining('secret-device-code'));
    expect(idp.tokenRequests).toHaveLength(2);
  });

  it('hides the device code even if the provider repeats it', async () => {
    const failure = signIn(idp.error('invalid_grant', { error_description: 'secret-device-code is unknown' }));
    await expect(failure).rejects.toThrow(/answered invalid_grant\. Run: /);
  });

  it('ends at once when it is interrupted', async () => {
    const controller = new AbortController();
    clock = new FakeClock(undefined, (count) => {
      if (count === 2) controller.abort(new Error('stopped'));
    });
    idp.http.on('POST /token', pending());
    const interruptible = provider({ http: { fetch, timeoutMs: 30_000, signal: controller.signal } });
    const device = await requestDeviceCode(interruptible, []);
    await expect(pollForTokens(interruptible, device)).rejects.toThrow('stopped');
    expect(idp.tokenRequests).toHaveLength(1);
  });

  it.each(['javascript:alert(1)', 'http://idp.example.com/device', 'file:///etc/passwd'])(
    'refuses to send anybody to %s',
    async (uri) => {
      idp.http.on('POST /device', idp.deviceCode({ verification_uri: uri }));
      await expect(signIn()).rejects.toMatchObject({ code: 'insecure_verification_uri' });
    },
  );

  describe('of a provider that is not on this machine', () => {
    const endpoint = 'https://idp.example.com/device';
    const answer = (more: object) => ({ device_code: 'd', user_code: 'ABCD', expires_in: 600, ...more });
    const ask = (more: object) => {
      const answering = (): Promise<Response> => Promise.resolve(Response.json(answer(more)));
      const http = { fetch: answering, timeoutMs: 30_000 };
      return requestDeviceCode(provider({ http, deviceAuthorizationEndpoint: endpoint }), []);
    };

    it.each(['http://127.0.0.1:631/printers', 'https://localhost/', 'http://[::1]/'])(
      'refuses to go to %s',
      async (uri) => {
        await expect(ask({ verification_uri: uri })).rejects.toMatchObject({ code: 'insecure_verification_uri' });
      },
    );

    it('leaves a complete address on this machine out', async () => {
      const device = await ask({ verification_uri: endpoint, verification_uri_complete: 'http://localhost:631/?c=1' });
      expect(device).toMatchObject({ verificationUri: endpoint });
      expect(device).not.toHaveProperty('verificationUriComplete');
    });
  });

  it('leaves an unsafe complete address out', async () => {
    idp.http.on('POST /device', idp.deviceCode({ verification_uri_complete: 'http://idp.example.com/device?c=1' }));
    await expect(requestDeviceCode(provider(), [])).resolves.not.toHaveProperty('verificationUriComplete');
  });

  it('asks for a code twice more when the server has trouble, then gives up', async () => {
    const down: StubAnswer = { status: 502, text: 'x' };
    idp.http.on('POST /device', [down, idp.deviceCode()]);
    await expect(requestDeviceCode(provider(), [])).resolves.toMatchObject({ userCode: 'ABCD-EFGH' });
    idp.http.on('POST /device', down);
    await expect(requestDeviceCode(provider(), [])).rejects.toMatchObject({ code: 'device_endpoint_unavailable' });
    expect(clock.sleptSeconds).toEqual([1, 1, 2]);
  });

  it('does not wait out a rate limit that names no end', async () => {
    idp.http.on('POST /device', idp.error('slow_down', { status: 429 }));
    await expect(requestDeviceCode(provider(), [])).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('follows no redirect with a code in its hands', async () => {
    await expect(signIn({ status: 307, headers: { location: `${idp.issuer}/elsewhere` } })).rejects.toMatchObject({
      code: 'unexpected_redirect',
    });
    expect(idp.http.requestsTo('/elsewhere')).toHaveLength(0);
  });

  it('sends nothing to an endpoint that is not https', async () => {
    const insecure = provider({ deviceAuthorizationEndpoint: 'http://idp.example.com/device' });
    await expect(requestDeviceCode(insecure, [])).rejects.toMatchObject({ code: 'insecure_endpoint' });
  });

  it('refuses a token that is not to be used as a bearer token', async () => {
    await expect(signIn(idp.tokens({ now: clock.now() }, { token_type: 'DPoP' }))).rejects.toMatchObject({
      code: 'unsupported_token_type',
      message: expect.stringContaining('DPoP'),
    });
  });

  it('never takes an ID token for the access token', async () => {
    await expect(signIn({ json: { id_token: 'a.b.c', token_type: 'Bearer' } })).rejects.toMatchObject({
      code: 'malformed_response',
    });
  });
});
