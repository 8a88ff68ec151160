import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'options', 'head'] as const;
const authenticate = '/apis/auth/authenticate';
const workspacesByGateway = '/apis/auth/ext-authz/apis/entities/v2/workspaces/default?page=1';

let issuer: TestIssuer;
let partner: TestIssuer;
let app: NestFastifyApplication;
let token: string;

beforeAll(async () => {
  issuer = await startIssuer();
  partner = await startIssuer();
  const { auth, ...rest } = platformConfig(issuer.issuer);
  app = await startPlatform({
    ...rest,
    auth: { ...auth, oidc: { ...auth.oidc, additionalIssuers: [{ issuer: partner.issuer }] } },
  });
  token = await issuer.accessToken({
    audience: 'nmp-platform',
    subject: 'alice',
    email: 'alice@example.com',
    groups: ['team-ml', 'a,b'],
    scope: 'openid platform:read',
    claims: { jti: 'token-1' },
  });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
  await partner?.close();
});

describe('authenticate', () => {
  it('tells whose token it is, in the body and in headers', async () => {
    const answer = await send('get', authenticate, token).expect(200);
    expect(answer.body).toEqual({
      principal: 'alice',
      email: 'alice@example.com',
      groups: ['team-ml', 'a,b'],
      scopes: ['openid', 'platform:read'],
      jti: 'token-1',
      token_kind: 'oidc_access_token',
    });
    expect(identityOf(answer)).toEqual({
      'x-nmp-principal-id': 'alice',
      'x-nmp-principal-email': 'alice@example.com',
      'x-nmp-principal-groups': 'team-ml,a%2Cb',
      'x-nmp-scopes': 'openid platform:read',
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(methods)('answers %s, whatever its body is', async (method) => {
    const request = send(method, authenticate, token);
    if (!['get', 'head'].includes(method)) request.set('Content-Type', 'text/plain').send('not { JSON');
    const answer = await request.expect(200);
    expect(identityOf(answer)).toMatchObject({ 'x-nmp-principal-id': 'alice' });
  });

  it.each([
    ['nothing', undefined, 'Missing bearer token', 'missing_token'],
    ['another scheme', 'Basic eDp5', 'Missing bearer token', 'missing_token'],
    ['no token', 'Bearer', 'Invalid bearer token', 'malformed_request'],
    ['two tokens', 'Bearer a b', 'Invalid bearer token', 'malformed_request'],
    ['no JWT', 'Bearer abc', 'Invalid bearer token', 'token_malformed'],
    ['an unsigned token', `Bearer ${unsigned()}`, 'Invalid bearer token', 'token_algorithm'],
    ['the name of a service', 'Bearer service:jobs', 'Invalid bearer token', 'malformed_request'],
  ])('answers 401 to %s', async (_, authorization, detail, code) => {
    for (const path of [authenticate, workspacesByGateway]) {
      const request = send('get', path);
      if (authorization !== undefined) request.set('Authorization', authorization);
      const answer = await request.expect(401);
      expect(answer.body).toMatchObject({ statusCode: 401, code, detail: expect.stringContaining(detail) });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="nmp"/);
      expect(identityOf(answer)).toEqual({});
    }
  });

  it('answers 401 to an expired token', async () => {
    const expired = await issuer.accessToken({ audience: 'nmp-platform', claims: { exp: 1 } });
    const { body } = await send('get', authenticate, expired).expect(401);
    expect(body).toMatchObject({ code: 'token_expired', detail: 'Invalid bearer token' });
  });

  it('believes no identity header', async () => {
    await send('get', authenticate).set('X-NMP-Principal-Id', 'admin').expect(401);
    const answer = await send('get', authenticate, token).set('X-NMP-Principal-Id', 'admin').expect(200);
    expect(identityOf(answer)).toMatchObject({ 'x-nmp-principal-id': 'alice' });
  });

  it('puts nobody into headers whose issuer does not share its users', async () => {
    const foreign = await partner.accessToken({
      audience: 'nmp-platform',
      subject: 'alice',
      email: 'admin@example.com',
    });
    const answer = await send('get', authenticate, foreign).expect(200);
    expect(answer.body).toMatchObject({ principal: 'alice' });
    expect(identityOf(answer)).toEqual({});
    expect(identityOf(await send('get', workspacesByGateway, foreign).expect(200))).toEqual({});
  });

  it('puts no e-mail address into headers that is not verified', async () => {
    const unverified = await issuer.accessToken({
      audience: 'nmp-platform',
      subject: 'mallory',
      email: 'admin@example.com',
      claims: { email_verified: false },
    });
    const headers = identityOf(await send('get', authenticate, unverified).expect(200));
    expect(headers).toMatchObject({ 'x-nmp-principal-id': 'mallory' });
    expect(headers).not.toHaveProperty('x-nmp-principal-email');
  });
});

describe('ext-authz', () => {
  it.each(methods)('answers %s for a path of the API with the identity', async (method) => {
    const request = send(method, workspacesByGateway, token);
    if (!['get', 'head'].includes(method)) request.set('Content-Type', 'text/plain').send('not { JSON');
    const answer = await request.expect(200);
    expect(identityOf(answer)).toMatchObject({ 'x-nmp-principal-id': 'alice' });
    await send(method, workspacesByGateway).expect(401);
  });

  it('lets pass what is public, without an identity', async () => {
    for (const path of ['/health/live', '/studio/app.js', '/apis/auth/discovery', '/']) {
      const answer = await send('get', `/apis/auth/ext-authz${path}`, token).expect(200);
      expect(identityOf(answer)).toEqual({});
    }
    await send('get', '/apis/auth/ext-authz/studio/app.js').set('Authorization', 'Bearer nonsense').expect(200);
  });

  it.each(['/studio/..%2Fapis/x', '/studio/%2e%2e/apis/x', '/studiox', '/apis/entities'])(
    'does not take %s for public',
    async (path) => {
      await send('get', `/apis/auth/ext-authz${path}`).expect(401);
    },
  );

  it.each(['/apis/auth/ext-authz', '/apis/auth/ext-authz-hop/models'])(
    'does not take for public what names its host, below %s',
    async (root) => {
      const wire = await Wire.open((app.getHttpServer().address() as AddressInfo).port);
      // As long as the root, so that what is left after it would look public.
      const target = `http://${'a'.repeat(root.length - 7)}${root}/apis/entities/v2/workspaces`;
      wire.send(`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close', '', '');
      expect((await wire.rest()).status).toBeGreaterThanOrEqual(400);
    },
  );
});

it('answers 503 while nobody can tell whether a token is good', async () => {
  const gone = await startIssuer();
  const lonely = await startPlatform(platformConfig(gone.issuer));
  const good = await gone.accessToken({ audience: 'nmp-platform' });
  await gone.close();
  const answer = await supertest(lonely.getHttpServer()).get(authenticate).auth(good, { type: 'bearer' }).expect(503);
  expect(answer.body).toMatchObject({ code: 'issuer_unavailable' });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  await lonely.close();
});

function send(method: (typeof methods)[number], path: string, bearer?: string): supertest.Test {
  const request = supertest(app.getHttpServer())[method](path);
  return bearer === undefined ? request : request.auth(bearer, { type: 'bearer' });
}

function identityOf({ headers }: supertest.Response): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers as Record<string, string>).filter(([name]) => name.startsWith('x-nmp-')),
  );
}

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'admin' })}.`;
}
