import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DevIdp } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';

const ci = { grant_type: 'client_credentials', client_id: 'nmp-ci', client_secret: 'nmp-ci-secret' };

describe('client credentials and scopes', () => {
  let idp: DevIdp;
  let client: OauthClient;

  beforeAll(async () => {
    idp = await DevIdp.start({
      audience: 'another-api',
      accessTokenTtlSeconds: 90,
      clients: [{ clientId: 'reader', grants: ['password'], scopes: ['openid', 'platform:read'] }],
    });
    client = new OauthClient(idp);
  });
  afterAll(() => idp.close());

  it('issues a token for the client itself', async () => {
    const { status, body } = await client.token({ ...ci, scope: 'platform:read models:write' });
    expect(status).toBe(200);
    expect(await client.verify(body['access_token'], 'another-api')).toEqual({
      iss: idp.issuer,
      aud: 'another-api',
      sub: 'nmp-ci',
      client_id: 'nmp-ci',
      scope: 'platform:read models:write',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
    expect(body).toMatchObject({ expires_in: 90 });
    expect(body).not.toHaveProperty('refresh_token');
  });

  it('takes the secret by Basic authentication as well', async () => {
    const authorization = `Basic ${Buffer.from('nmp-ci:nmp-ci-secret').toString('base64')}`;
    const answer = await client.post('/token', { grant_type: 'client_credentials' }, { authorization });
    expect(answer.status).toBe(200);
  });

  it('refuses a wrong secret and the public client', async () => {
    expect(await client.token({ ...ci, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect((await client.token({ grant_type: 'client_credentials' })).status).toBe(400);
  });

  const unknown = 'openid everything:everywhere';
  const refusal = {
    status: 400,
    body: { error: 'invalid_scope', scope: 'everything:everywhere' },
  };

  it('refuses an unknown scope at every door', async () => {
    expect(await client.startDevice({ scope: unknown })).toMatchObject(refusal);
    expect(await client.password({ scope: unknown })).toMatchObject(refusal);
    expect(await client.token({ ...ci, scope: 'platform:read everything:everywhere' })).toMatchObject(refusal);
    const { body } = await client.password();
    expect(await client.refresh(body['refresh_token'], { scope: unknown })).toMatchObject(refusal);
  });

  it('accepts every known scope', async () => {
    const discovery = await fetch(`${idp.issuer}/.well-known/openid-configuration`);
    const { scopes_supported: scopes } = (await discovery.json()) as { scopes_supported: string[] };
    expect(scopes).toEqual(expect.arrayContaining(['openid', 'offline_access', 'platform:write', 'intake:read']));
    expect((await client.startDevice({ scope: scopes.join(' ') })).status).toBe(200);
    expect((await client.password({ scope: scopes.join(' ') })).body['scope']).toBe(scopes.join(' '));
  });

  it('refuses a client the scopes its settings leave out', async () => {
    const reader = { client_id: 'reader' };
    expect((await client.password({ ...reader, scope: 'openid platform:read' })).status).toBe(200);
    expect(await client.password({ ...reader, scope: 'platform:write' })).toMatchObject({
      body: { error: 'invalid_scope', scope: 'platform:write' },
    });
  });

  it('gives a client that acts for nobody no scope about people', async () => {
    expect((await client.token({ ...ci, scope: 'openid email' })).body['error']).toBe('invalid_scope');
  });

  it('serves no other resource', async () => {
    const answer = await client.token({ ...ci, resource: 'https://other.example/' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });
});
