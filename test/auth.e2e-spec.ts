import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, type INestApplication, Post } from '@nestjs/common';
import {
  AccessDeniedError,
  AuthModule,
  OptionalAuth,
  Principal,
  Public,
  RequireAnyScope,
  RequireScopes,
} from '@nmp/auth';
import { SigningKey, signJws, TestIssuer } from '@nmp/auth/testing';
import { adapters, rawRequest, startApp } from './support/http-apps.js';

@Controller('orders')
@RequireScopes('orders:read')
class OrdersController {
  @Get()
  list(@Principal() principal: Principal, @Principal('email') email?: string) {
    const { kind, id, groups, scopes, issuer, clientId } = principal;
    return { kind, id, email, groups, scopes, issuer, clientId };
  }

  @Post()
  @RequireScopes('orders:write')
  create() {
    return {};
  }

  @Delete()
  @RequireAnyScope('orders:write', 'orders:purge')
  purge() {
    return {};
  }

  @Get('open')
  @Public()
  open(@Principal() principal: Principal) {
    return { kind: principal.kind };
  }

  @Get('forbidden')
  forbidden() {
    throw new AccessDeniedError('not yours');
  }
}

@Public()
@Controller('shop')
class ShopController {
  @Get()
  index(@Principal('kind') kind: string) {
    return { kind };
  }

  @Get('basket')
  @OptionalAuth()
  basket(@Principal('kind') kind: string) {
    return { kind };
  }

  @Get('orders')
  @RequireScopes('orders:read')
  orders() {
    return {};
  }

  @Get('offers')
  @OptionalAuth()
  @RequireScopes('orders:read')
  offers() {
    return {};
  }
}

describe.each(adapters)('AuthModule on %s', (adapter) => {
  let issuer: TestIssuer;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    issuer = await TestIssuer.start({ audience: 'orders-api' });
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', audience: 'orders-api' };
    ({ app, url } = await startApp(adapter, {
      imports: [AuthModule.forRoot({ realm: 'orders', oidc })],
      controllers: [OrdersController, ShopController],
    }));
  });

  afterAll(async () => {
    await app.close();
    await issuer.close();
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(`${url}${path}`, { headers, method });
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const token = (scope = 'orders:read'): Promise<string> => issuer.accessToken({ scope, groups: ['team-a'] });

  it('hands the principal of a good token to the handler', async () => {
    const response = await get('/orders', bearer(await token()));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      kind: 'user',
      id: 'user-1',
      email: 'user@example.com',
      groups: ['team-a'],
      scopes: ['orders:read'],
      issuer: issuer.issuer,
      clientId: 'nmp-cli',
    });
  });

  it('asks for a token without naming an error when there is none', async () => {
    const response = await get('/orders');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="orders"');
    expect(await response.json()).toEqual({
      statusCode: 401,
      error: 'Unauthorized',
      code: 'missing_token',
      detail: 'Unauthorized',
    });
  });

  it.each([
    ['Basic dXNlcjpwYXNz', 401, 'missing_token'],
    ['BearerX abc', 401, 'missing_token'],
    ['Bearer', 400, 'malformed_request'],
    ['Bearer  two-spaces', 400, 'malformed_request'],
    ['Bearer one two', 400, 'malformed_request'],
    ['Bearer {"a":1}', 400, 'malformed_request'],
    ['Bearer garbage', 401, 'token_malformed'],
    ['Bearer a.b.c', 401, 'token_malformed'],
    ['Bearer a.b.c.d.e', 401, 'token_malformed'],
  ])('answers "%s" with %d %s', async (authorization, status, code) => {
    const response = await get('/orders', { authorization });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ statusCode: status, code });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="orders"/);
  });

  it('refuses two Authorization headers, and accepts one sent in the same way', async () => {
    const line = `Authorization: Bearer ${await token()}`;
    const request = ['GET /orders HTTP/1.1', 'Host: 127.0.0.1'];
    expect(await rawRequest(url, [...request, line, line])).toBe(400);
    expect(await rawRequest(url, [...request, line])).toBe(200);
  });

  it.each<[string, string, (issuer: TestIssuer) => Promise<string>]>([
    ['alg none', 'token_algorithm', async (by) => unsigned(by)],
    ['HS256 signed with the public key', 'token_algorithm', async (by) => hmacToken(by)],
    ['an expired token', 'token_expired', (by) => by.accessToken({ expiresInSeconds: -60 })],
    ['another issuer', 'token_issuer', (by) => by.accessToken({ claims: { iss: 'https://other.example' } })],
    ['another audience', 'token_audience', (by) => by.accessToken({ audience: 'other-api' })],
    ['no audience', 'token_audience', (by) => by.accessToken({ claims: { aud: undefined } })],
    ['an unknown key id', 'token_key', (by) => by.accessToken({ header: { kid: 'unknown' } })],
    ['a foreign key under a known id', 'token_signature', async (by) => forged(by)],
    ['an ID token', 'token_type', (by) => by.accessToken({ claims: { nonce: 'n-1' } })],
    ['no expiry', 'token_claims', (by) => by.accessToken({ claims: { exp: undefined } })],
    ['no subject', 'token_claims', (by) => by.accessToken({ claims: { sub: undefined } })],
  ])('refuses %s as %s', async (_name, code, make) => {
    const response = await get('/orders', bearer(await make(issuer)));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await response.json()).toMatchObject({
      error: 'Unauthorized',
      code,
      detail: expect.stringMatching(/^Invalid or expired token/),
    });
  });

  it('names the missing scope', async () => {
    const response = await get('/orders', bearer(await token('orders:read')), 'POST');
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(response.headers.get('www-authenticate')).toContain('scope="orders:write"');
    expect(await response.json()).toMatchObject({
      code: 'insufficient_scope',
      detail: expect.stringMatching(/^Forbidden/),
    });
  });

  it("lets a handler's scopes replace its class's, and the platform's scopes stand for each area", async () => {
    expect((await get('/orders', bearer(await token('orders:write')), 'POST')).status).toBe(201);
    expect((await get('/orders', bearer(await token('platform:write')), 'POST')).status).toBe(201);
    expect((await get('/orders', bearer(await token('orders:purge')), 'DELETE')).status).toBe(200);
    expect((await get('/orders', bearer(await token('orders:refund')), 'DELETE')).status).toBe(403);
  });

  it('does not read the token of a public handler, whatever its class says', async () => {
    expect(await (await get('/orders/open', { authorization: 'Bearer garbage' })).json()).toEqual({
      kind: 'anonymous',
    });
    expect((await get('/shop')).status).toBe(200);
  });

  it('closes a handler that asks for scopes in a public class', async () => {
    expect((await get('/shop/orders')).status).toBe(401);
    expect((await get('/shop/orders', bearer(await token()))).status).toBe(200);
  });

  it('takes no token for an anonymous caller where signing in is optional, and a bad one for an error', async () => {
    expect(await (await get('/shop/basket')).json()).toEqual({ kind: 'anonymous' });
    expect(await (await get('/shop/basket', bearer(await token()))).json()).toEqual({ kind: 'user' });
    expect((await get('/shop/basket', { authorization: 'Bearer garbage' })).status).toBe(401);
    expect((await get('/shop/offers')).status).toBe(401);
  });

  it('answers errors that handlers throw in the same form', async () => {
    const response = await get('/orders/forbidden', bearer(await token()));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      code: 'access_denied',
      detail: 'Forbidden: not yours',
    });
  });

  it('publishes how to sign in', async () => {
    const response = await get('/apis/auth/discovery');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      auth_enabled: true,
      oidc: {
        issuer: issuer.issuer,
        authorization_endpoint: `${issuer.issuer}/auth`,
        token_endpoint: `${issuer.issuer}/token`,
        device_authorization_endpoint: `${issuer.issuer}/device`,
        userinfo_endpoint: `${issuer.issuer}/userinfo`,
        client_id: 'nmp-cli',
        default_scopes: 'openid profile email offline_access',
        scope_prefix: null,
        workload_token_exchange_enabled: false,
        workload_client_id: null,
        workload_token_endpoint: null,
        workload_audience: null,
        workload_scope: null,
      },
    });
  });
});

function unsigned(issuer: TestIssuer): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: issuer.issuer, sub: 'user-1', aud: 'orders-api', iat: 1, exp: 4_102_444_800 };
  return `${encode({ alg: 'none' })}.${encode(claims)}.${encode('')}`;
}

async function hmacToken(issuer: TestIssuer): Promise<string> {
  const { createHmac } = await import('node:crypto');
  const [, claims] = (await issuer.accessToken()).split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: issuer.signingKey.kid })).toString('base64url');
  const pem = issuer.signingKey.publicKey.export({ format: 'pem', type: 'spki' });
  return `${header}.${claims}.${createHmac('sha256', pem).update(`${header}.${claims}`).digest('base64url')}`;
}

async function forged(issuer: TestIssuer): Promise<string> {
  const key = await SigningKey.generate('RS256', issuer.signingKey.kid);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer.issuer, sub: 'user-1', aud: 'orders-api', iat: now, exp: now + 60 };
  return signJws({ alg: 'RS256', kid: key.kid }, claims, key);
}
