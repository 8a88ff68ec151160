import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { DevIdp, FormBrowser } from '../src/index.js';
import { defaultScope, OauthClient } from './support/oauth-client.js';

const redirectUri = 'http://127.0.0.1:49152/some/callback';

describe('authorization code with PKCE', () => {
  let idp: DevIdp;
  let client: OauthClient;

  beforeAll(async () => {
    idp = await DevIdp.start();
    client = new OauthClient(idp);
  });
  afterAll(() => idp.close());

  const verifier = randomBytes(32).toString('base64url');

  function authorizeUrl(changes: Record<string, string> = {}): URL {
    const url = new URL(`${idp.issuer}/authorize`);
    url.search = new URLSearchParams({
      client_id: 'nmp-cli',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: defaultScope,
      state: 'state-of-the-client',
      prompt: 'consent',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }).toString();
    return url;
  }

  function newBrowser(): FormBrowser {
    return new FormBrowser({ stopAt: (url) => url.href.startsWith(redirectUri) });
  }

  async function signIn(): Promise<URLSearchParams> {
    const browser = await newBrowser().open(authorizeUrl());
    expect(browser.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:49152");
    await browser.submit({ login: 'admin@example.com', password: 'admin-password' });
    await browser.submit({}, { button: 'Allow' });
    return browser.url.searchParams;
  }

  function redeem(code: string | null, changes: Record<string, string> = {}): ReturnType<OauthClient['token']> {
    const form = { code: code ?? '', redirect_uri: redirectUri, code_verifier: verifier };
    return client.token({ grant_type: 'authorization_code', ...form, ...changes });
  }

  it('comes back to any loopback address with a code that is worth tokens', async () => {
    const callback = await signIn();
    expect(callback.get('state')).toBe('state-of-the-client');
    expect(callback.get('iss')).toBe(idp.issuer);
    const { status, body } = await redeem(callback.get('code'));
    expect(status).toBe(200);
    expect(await client.verify(body['access_token'])).toMatchObject({
      email: 'admin@example.com',
      groups: ['platform-admins'],
      scope: defaultScope,
    });
    expect((await client.refresh(body['refresh_token'])).status).toBe(200);
  });

  it('takes a code once', async () => {
    const code = (await signIn()).get('code');
    expect((await redeem(code)).status).toBe(200);
    expect(await redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('refuses a code without its verifier', async () => {
    const code = (await signIn()).get('code');
    const answer = await redeem(code, { code_verifier: randomBytes(32).toString('base64url') });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('demands PKCE', async () => {
    const browser = await newBrowser().open(authorizeUrl({ code_challenge: '', code_challenge_method: '' }));
    expect(browser.url.searchParams.get('error')).toBe('invalid_request');
  });

  it('tells the client that the user said no', async () => {
    const browser = await newBrowser().open(authorizeUrl());
    await browser.submit({}, { button: 'Cancel' });
    expect(browser.url.searchParams.get('error')).toBe('access_denied');
  });

  it('tells the client that a scope is unknown', async () => {
    const browser = await newBrowser().open(authorizeUrl({ scope: 'openid everything' }));
    expect(browser.url.searchParams.get('error')).toBe('invalid_scope');
  });

  it('redirects to no foreign address', async () => {
    const browser = await newBrowser().open(authorizeUrl({ redirect_uri: 'https://attacker.example/callback' }));
    expect(browser.status).toBe(400);
    expect(browser.url.origin).toBe(idp.issuer);
    expect(browser.text).toContain('invalid_redirect_uri');
  });
});
