import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { builtInAccounts, DevIdp } from '../src/index.js';
import { defaultScope, OauthClient } from './support/oauth-client.js';

describe('password grant', () => {
  let idp: DevIdp;
  let client: OauthClient;
  const lines: string[] = [];

  beforeAll(async () => {
    const log = (line: string): void => void lines.push(line);
    idp = await DevIdp.start({ logger: { info: log, warn: log } });
    client = new OauthClient(idp);
  });
  afterAll(() => idp.close());

  it('issues an access token that says who, for whom and what for', async () => {
    const { status, body } = await client.password();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: defaultScope });
    expect(await client.verify(body['access_token'])).toEqual({
      iss: idp.issuer,
      aud: 'nmp-platform',
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id: 'nmp-cli',
      scope: defaultScope,
      email: 'alice@example.com',
      email_verified: true,
      groups: ['team-ml'],
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
  });

  it('issues an ID token for the client', async () => {
    const { body } = await client.password();
    const claims = await client.verify(body['id_token'], 'nmp-cli', '');
    expect(claims).toMatchObject({ email: 'alice@example.com', name: 'Alice', groups: ['team-ml'] });
  });

  it('gives the same person the same subject at every provider', async () => {
    const other = await DevIdp.start();
    const [here, there] = await Promise.all([client.password(), new OauthClient(other).password()]);
    const first = await client.verify(here.body['access_token']);
    const second = await new OauthClient(other).verify(there.body['access_token']);
    await other.close();
    expect(first.sub).toBe(second.sub);
  });

  it.each(builtInAccounts)('lets $email in with the documented password', async ({ email, password }) => {
    const { status, body } = await client.password({ username: email.toUpperCase(), password });
    expect(status).toBe(200);
    expect(await client.verify(body['access_token'])).toMatchObject({ email });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { username: 'mallory@example.com' }],
    ["another user's password", { password: 'admin-password' }],
  ])('refuses %s with the same answer', async (_what, form) => {
    expect(await client.password(form)).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'wrong username or password' },
    });
  });

  it('refuses a request without a password', async () => {
    const answer = await client.token({ grant_type: 'password', username: 'alice@example.com' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('gives neither a refresh token nor an ID token to a client that did not ask', async () => {
    const { body } = await client.password({ scope: 'platform:read' });
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
  });

  it('refuses the grant to a client that has no right to it', async () => {
    const answer = await client.password({ client_id: 'nmp-ci', client_secret: 'nmp-ci-secret' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('logs a line for each outcome and no secret', async () => {
    const { body } = await client.password();
    await client.password({ password: 'a-wrong-secret' });
    const log = lines.join('\n');
    expect(log).toMatch(/token issued grant="password" client="nmp-cli" sub="[0-9a-f-]{36}"/);
    expect(log).toMatch(
      /token refused: invalid_grant grant="password" client="nmp-cli" reason="wrong username or password"/,
    );
    for (const secret of ['alice-password', 'a-wrong-secret', body['access_token'], body['refresh_token']]) {
      expect(log).not.toContain(secret);
    }
  });

  it('logs why a token was refused where the answer may not say so', async () => {
    const { body } = await client.refresh('a-secret-token');
    expect(body).toEqual({ error: 'invalid_grant', error_description: 'grant request is invalid' });
    expect(lines.at(-1)).toMatch(/token refused: invalid_grant .* reason="refresh token not found"$/);
  });

  it('answers userinfo for the scopes of the token', async () => {
    const { body } = await client.password({ scope: 'openid email' });
    const response = await client.userinfo(body['access_token']);
    expect(await response.json()).toEqual({
      sub: expect.any(String),
      email: 'alice@example.com',
      email_verified: true,
    });
  });

  it('refuses userinfo to a token without the scope openid, a forged one, an ID token and none', async () => {
    const { body } = await client.password();
    const { body: narrow } = await client.password({ scope: 'platform:read' });
    const [header, claims] = String(body['access_token']).split('.');
    expect((await client.userinfo(narrow['access_token'])).status).toBe(403);
    expect((await client.userinfo(`${header}.${claims}.${'A'.repeat(342)}`)).status).toBe(401);
    expect((await client.userinfo(body['id_token'])).status).toBe(401);
    expect((await fetch(`${idp.issuer}/userinfo`)).status).toBe(401);
  });
});
