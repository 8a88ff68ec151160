import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, Principal, RequireScopes } from '@nmp/auth';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class WhoController {
  @Get('who')
  who(@Principal() principal: Principal) {
    return principal;
  }

  @Get('orders')
  @RequireScopes('orders:read')
  orders() {
    return {};
  }
}

const json = { 'content-type': 'application/json' };

describe.each(adapters)('opaque tokens resolved by UserInfo on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];
  let warn: jest.SpiedFunction<Logger['warn']>;

  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
    jest.restoreAllMocks();
  });

  async function start(options: Partial<AuthModuleOptions> = {}) {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', verifyAudience: false, ...options.oidc };
    const { app, url } = await startApp(adapter, {
      imports: [AuthModule.forRoot({ ...options, oidc: { resolveOpaqueTokensViaUserinfo: true, ...oidc } })],
      controllers: [WhoController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app, issuer);
    const get = async (token: string, path = '/who') => {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    return { clock, issuer, get, status: async (token: string, path?: string) => (await get(token, path)).status };
  }

  it('are whose UserInfo says they are, for a minute', async () => {
    const { clock, issuer, get, status } = await start({ oidc: { opaqueTokenCacheSeconds: 3600 } });
    const token = issuer.opaqueToken({ groups: ['team-ml'], scope: 'orders:read', expiresInSeconds: 3600 });
    expect((await get(token)).body).toMatchObject({
      kind: 'user',
      id: 'user-1',
      email: 'user@example.com',
      groups: ['team-ml'],
      scopes: [],
      issuer: issuer.issuer,
      expiresAt: '2030-01-01T00:01:00.000Z',
    });
    expect(issuer.userinfo.requests).toMatchObject([{ method: 'GET', headers: { authorization: `Bearer ${token}` } }]);
    issuer.revokeOpaqueToken(token);
    clock.advance(59);
    expect([await status(token), issuer.userinfo.requests.length]).toEqual([200, 1]);
    clock.advance(1);
    expect([await status(token), issuer.userinfo.requests.length]).toEqual([401, 2]);
  });

  it('carry no scopes, which the start says', async () => {
    const { issuer, status } = await start();
    expect(await status(issuer.opaqueToken({ scope: 'orders:read' }), '/orders')).toBe(403);
    const restricted = await start({ scopeEnforcement: 'when-present' });
    expect(await restricted.status(restricted.issuer.opaqueToken(), '/orders')).toBe(200);
    const lines = warn.mock.calls.flat().join('\n');
    expect(lines).toContain('no scope restricts them');
    expect(lines).toContain('Audiences are not checked');
  });

  it('are those of people, whatever else the endpoint says about rights', async () => {
    const { issuer, get } = await start();
    const told = {
      sub: 'jobs',
      client_id: 'jobs',
      azp: 'jobs',
      gty: 'client-credentials',
      idtyp: 'app',
      act: { sub: 'x' },
    };
    const more = { scope: 'orders:read', exp: 4e9, iat: 4e9, aud: 'x', acr: 'phr', tid: 't', oid: 'jobs', nonce: 'n' };
    issuer.userinfo.fail({ status: 200, headers: json, body: JSON.stringify({ ...told, ...more }) });
    const { body } = await get('a-token');
    expect(body).toMatchObject({ kind: 'user', id: 'jobs', scopes: [], groups: [] });
    expect(Object.keys(body.claims as object).sort()).toEqual(['exp', 'iat', 'iss', 'oid', 'sub']);
    expect(body).not.toHaveProperty('clientId');
    expect(body).not.toHaveProperty('actor');
  });

  it.each([400, 401, 403])('are refused when the endpoint answers %d', async (status) => {
    const { issuer, get } = await start();
    issuer.userinfo.fail({ status, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    expect((await get('a-token')).body).toMatchObject({ statusCode: 401, code: 'token_inactive' });
  });

  it.each([
    ['fails', { status: 500 }],
    ['answers with a page', { status: 200, body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
    ['answers with a JWT', { status: 200, body: 'e30.e30.', headers: { 'content-type': 'application/jwt' } }],
    ['names no subject', { status: 200, body: '{"email":"user@example.com"}', headers: json }],
    ['is not there', 'refuse' as const],
  ])('are neither good nor bad when the endpoint %s', async (_what, outage) => {
    const { issuer, get, status } = await start();
    const known = issuer.opaqueToken();
    expect(await status(known)).toBe(200);
    issuer.userinfo.fail(outage);
    expect((await get('a-token')).body).toMatchObject({ statusCode: 503, code: 'issuer_unavailable' });
    expect(await status(known)).toBe(200);
  });

  it('may not come from another issuer', async () => {
    const { issuer, get } = await start();
    const body = JSON.stringify({ sub: 'user-1', iss: 'https://other.example.com' });
    issuer.userinfo.fail({ status: 200, headers: json, body });
    expect((await get('a-token')).body).toMatchObject({ code: 'token_issuer' });
  });
});
