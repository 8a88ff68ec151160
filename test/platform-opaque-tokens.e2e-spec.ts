import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { decodeJwt } from 'jose';
import supertest from 'supertest';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';

const AUTHENTICATE = '/apis/auth/authenticate';
const WORKSPACES = '/apis/entities/v2/workspaces';

let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await startIssuer();
  const { auth, ...config } = platformConfig(issuer.issuer);
  const asking = {
    introspectOpaqueTokens: true,
    introspectionClientId: 'nmp-platform',
    introspectionClientSecret: 'the-secret-of-the-platform',
  };
  app = await startPlatform({
    ...config,
    auth: { ...auth, oidc: { ...auth.oidc, ...asking } },
    hopTokens: { audiences: ['models'], lifeSeconds: 60 },
  });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('opaque tokens at the platform', () => {
  it('are as good as JWTs: for roles, workspaces and scopes', async () => {
    const token = opaque({ subject: 'alice', email: 'alice@example.com' });
    const { body } = await send('get', '/apis/auth/v2/whoami', token).expect(200);
    expect(body).toMatchObject({ principal: { id: 'alice', email: 'alice@example.com', kind: 'user' } });
    const jwt = await issuer.accessToken(forPlatform({ subject: 'alice', email: 'alice@example.com' }));
    await send('post', WORKSPACES, token).send({ name: 'opaque-one' }).expect(201);
    await send('get', `${WORKSPACES}/opaque-one`, jwt).expect(200);
    const reader = opaque({ subject: 'alice', email: 'alice@example.com', scope: 'platform:read' });
    await send('get', `${WORKSPACES}/opaque-one`, reader).expect(200);
    const { body: refusal } = await send('delete', `${WORKSPACES}/opaque-one`, reader).expect(403);
    expect(refusal).toMatchObject({ code: 'insufficient_scope' });
    await send('get', `${WORKSPACES}/opaque-one`, opaque({ subject: 'bob', email: 'bob@example.com' })).expect(403);
  });

  it('tell a gateway who they are', async () => {
    const token = opaque({ subject: 'alice', claims: { jti: 'j-1' } });
    const answer = await send('get', AUTHENTICATE, token).expect(200);
    expect(answer.body).toMatchObject({ principal: 'alice', jti: 'j-1', token_kind: 'oidc_access_token' });
    expect(answer.headers).toMatchObject({ 'x-nmp-principal-id': 'alice' });
    const behind = await send('get', `/apis/auth/ext-authz${WORKSPACES}/default`, token).expect(200);
    expect(behind.headers).toMatchObject({ 'x-nmp-principal-id': 'alice' });
  });

  it('are exchanged for hop tokens, which live no longer', async () => {
    const exp = Math.floor(Date.now() / 1000) + 20;
    const answer = await send('get', `${AUTHENTICATE}?hop_audience=models`, opaque({ claims: { exp } })).expect(200);
    const claims = decodeJwt(String(answer.headers['x-nmp-hop-token']));
    expect(claims).toMatchObject({ sub: 'user-1', aud: 'models', nmp: { issuer: issuer.issuer } });
    expect(Number(claims.exp)).toBeLessThanOrEqual(exp);
  });

  it('are refused when the provider does not know them, and nobody is told more', async () => {
    const direct = await send('get', '/apis/auth/v2/whoami', 'opaque.unknown').expect(401);
    expect(direct.body).toMatchObject({
      code: 'token_inactive',
      detail: 'Invalid or expired token: its issuer does not know it, or no longer',
    });
    expect(direct.headers['www-authenticate']).toMatch(/^Bearer realm="nmp", error="invalid_token"/);
    for (const path of [AUTHENTICATE, `/apis/auth/ext-authz${WORKSPACES}`]) {
      const { body } = await send('get', path, 'opaque.unknown').expect(401);
      expect(body).toMatchObject({ code: 'token_inactive', detail: 'Invalid bearer token' });
    }
  });

  it('are neither good nor bad while the provider is away', async () => {
    issuer.introspection.fail({ status: 502 });
    for (const path of ['/apis/auth/v2/whoami', AUTHENTICATE, `/apis/auth/ext-authz${WORKSPACES}`]) {
      const { body, headers } = await send('get', path, opaque()).expect(503);
      expect(body).toMatchObject({ code: 'issuer_unavailable' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    issuer.introspection.recover();
  });
});

function forPlatform(input: AccessTokenInput): AccessTokenInput {
  return { audience: 'nmp-platform', ...input };
}

function opaque(input: AccessTokenInput = {}): string {
  return issuer.opaqueToken(forPlatform(input));
}

function send(method: 'get' | 'post' | 'delete', path: string, token: string): supertest.Test {
  return supertest(app.getHttpServer())[method](path).set('Authorization', `Bearer ${token}`);
}
