import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DevIdp } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';

describe('refresh tokens', () => {
  const running: DevIdp[] = [];

  async function start(options: Parameters<typeof DevIdp.start>[0] = {}): Promise<OauthClient> {
    const idp = await DevIdp.start(options);
    running.push(idp);
    return new OauthClient(idp);
  }

  async function signIn(client: OauthClient): Promise<string | undefined> {
    return (await client.password()).body['refresh_token'];
  }

  let client: OauthClient;
  beforeAll(async () => {
    client = await start();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => Promise.all(running.map((idp) => idp.close())));

  it('are replaced each time, and the new token says the same as the old', async () => {
    const first = await client.password();
    const second = await client.refresh(first.body['refresh_token']);
    expect(second.status).toBe(200);
    expect(second.body['refresh_token']).not.toBe(first.body['refresh_token']);
    expect(second.body['scope']).toBe(first.body['scope']);
    const [before, after] = [
      await client.verify(first.body['access_token']),
      await client.verify(second.body['access_token']),
    ];
    expect(after).toEqual({ ...before, jti: after.jti, iat: after.iat, exp: after.exp });
    expect(after.jti).not.toBe(before.jti);
    expect((await client.refresh(second.body['refresh_token'])).status).toBe(200);
  });

  it('narrow the scope when asked, never widen it', async () => {
    const { body } = await client.password({ scope: 'openid offline_access platform:read' });
    const narrowed = await client.refresh(body['refresh_token'], { scope: 'platform:read' });
    expect(narrowed.body['scope']).toBe('platform:read');
    const widened = await client.refresh(narrowed.body['refresh_token'], { scope: 'platform:write' });
    expect(widened).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });

  it('end the whole sign-in when an old one comes back', async () => {
    const old = await signIn(client);
    const { body } = await client.refresh(old);
    expect(await client.refresh(old)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await client.refresh(body['refresh_token'])).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  it('are worth one answer when two requests race for it', async () => {
    const token = await signIn(client);
    const answers = await Promise.all([client.refresh(token), client.refresh(token), client.refresh(token)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(2);
  });

  it('may be used again within the grace time, not after it', async () => {
    const forgiving = await start({ refreshReuseGraceSeconds: 30 });
    const old = await signIn(forgiving);
    const first = await forgiving.refresh(old);
    const again = await forgiving.refresh(old);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect((await forgiving.refresh(first.body['refresh_token'])).status).toBe(200);
    expect((await forgiving.refresh(again.body['refresh_token'])).status).toBe(200);
    const later = Date.now() + 31_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect((await forgiving.refresh(old)).body['error']).toBe('invalid_grant');
  });

  it('stay the same without rotation', async () => {
    const steady = await start({ refreshTokenRotation: false });
    const token = await signIn(steady);
    expect((await steady.refresh(token)).body['refresh_token']).toBe(token);
    expect((await steady.refresh(token)).status).toBe(200);
  });

  it('expire', async () => {
    const shortLived = await start({ refreshTokenTtlSeconds: 60 });
    const token = await signIn(shortLived);
    const later = Date.now() + 61_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect((await shortLived.refresh(token)).body['error']).toBe('invalid_grant');
  });

  it('can be revoked, and revoking twice is no error', async () => {
    const token = (await signIn(client)) ?? '';
    for (const _attempt of [1, 2]) {
      expect((await client.post('/revoke', { client_id: 'nmp-cli', token })).status).toBe(200);
    }
    expect((await client.refresh(token)).body['error']).toBe('invalid_grant');
  });

  it('cannot be revoked or used by another client', async () => {
    const token = (await signIn(client)) ?? '';
    await client.post('/revoke', { client_id: 'nmp-ci', client_secret: 'nmp-ci-secret', token });
    expect((await client.refresh(token)).status).toBe(200);
  });

  it('exist only where revoking makes sense: a signed access token cannot be taken back', async () => {
    const { body } = await client.password();
    const answer = await client.post('/revoke', { client_id: 'nmp-cli', token: body['access_token'] ?? '' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } });
  });
});
