import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthModule, Principal, RequireScopes } from '@nmp/auth';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import supertest from 'supertest';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const AUTHENTICATE = '/apis/auth/authenticate';
const ISSUER = 'http://localhost:8080/apis/auth';
const methods = ['get', 'post', 'put', 'patch', 'delete', 'options', 'head'] as const;

@Controller('models')
class ModelsController {
  @Get()
  @RequireScopes('models:read')
  list(@Principal() { kind, id, email, groups, scopes, issuer }: Principal) {
    return { kind, id, email, groups, scopes, issuer };
  }
}

let issuer: TestIssuer;
let partner: TestIssuer;
let app: NestFastifyApplication;
let models: INestApplication;
let modelsUrl: string;

beforeAll(async () => {
  [issuer, partner] = await Promise.all([startIssuer(), startIssuer()]);
  const { auth, ...config } = platformConfig(issuer.issuer);
  const oidc = { ...auth.oidc, scopePrefix: 'api://nmp/', additionalIssuers: [{ issuer: partner.issuer }] };
  const serviceClients = [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }];
  app = await startPlatform({
    ...config,
    auth: { ...auth, oidc, serviceClients },
    hopTokens: { audiences: ['models', 'inference'], lifeSeconds: 60 },
  });
  const hop = { issuer: ISSUER, audience: 'models', jwksUri: `${await app.getUrl()}/apis/auth/jwks` };
  ({ app: models, url: modelsUrl } = await startApp('express', {
    imports: [AuthModule.forRoot({ oidc: { enabled: false }, hop })],
    controllers: [ModelsController],
  }));
});

afterAll(async () => {
  await Promise.all([models?.close(), app?.close()]);
  await Promise.all([issuer?.close(), partner?.close()]);
});

describe('hop tokens', () => {
  it('are given to a gateway that asks for one, in the place of identity headers', async () => {
    const answer = await authenticate({ groups: ['team-ml'] });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-nmp-'))).toEqual(['x-nmp-hop-token']);
    const token = hopTokenOf(answer);
    expect(answer.headers.authorization).toBe(`Bearer ${token}`);
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'hop+jwt', alg: 'RS256' });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ iss: ISSUER, aud: 'models', sub: 'alice', jti: expect.any(String) });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('let the service behind see the caller as if it had come itself', async () => {
    const token = hopTokenOf(await authenticate({ groups: ['team-ml'], scope: 'openid api://nmp/models:read' }));
    expect(await callModels(token)).toEqual({
      status: 200,
      body: {
        kind: 'user',
        id: 'alice',
        email: 'alice@example.com',
        groups: ['team-ml'],
        scopes: ['openid', 'models:read'],
        issuer: issuer.issuer,
      },
    });
    const scopeless = hopTokenOf(await authenticate({ scope: 'openid' }));
    expect(await callModels(scopeless)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  it('carry services and users of other issuers, whom headers do not', async () => {
    const jobs = {
      subject: 'nmp-jobs',
      claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' },
      scope: 'api://nmp/models:read',
    };
    const answer = await authenticate(jobs);
    expect(await callModels(hopTokenOf(answer))).toMatchObject({ body: { kind: 'service', id: 'service:jobs' } });
    const foreign = await authenticate({ scope: 'api://nmp/models:read' }, { from: partner });
    expect(await callModels(hopTokenOf(foreign))).toMatchObject({ body: { id: 'alice', issuer: partner.issuer } });
    expect(decodeJwt(hopTokenOf(foreign)).nmp).toMatchObject({ shares_users: false });
  });

  it('end no later than the token that the caller came with', async () => {
    const { exp } = decodeJwt(hopTokenOf(await authenticate({ expiresInSeconds: 20 })));
    expect(Number(exp)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 20);
    expect(Number(exp)).toBeGreaterThan(Date.now() / 1000);
  });

  it('are not given for a token that is good only because clocks may differ', async () => {
    const ended = await issuer.accessToken({ audience: 'nmp-platform', expiresInSeconds: -10 });
    await send('get', AUTHENTICATE, ended).expect(200);
    const { headers } = await send('get', `${AUTHENTICATE}?hop_audience=models`, ended).expect(401);
    expect(headers['www-authenticate']).toContain('invalid_token');
    expect(headers).not.toHaveProperty('x-nmp-hop-token');
  });

  it('carry the groups that fit where one is too long', async () => {
    const token = hopTokenOf(await authenticate({ groups: ['x'.repeat(5_000), 'team-ml'] }));
    expect(decodeJwt(token)).toMatchObject({ groups: ['team-ml'], nmp: { groups_overage: true } });
  });

  it('are the same for a caller that comes again at once', async () => {
    const token = await issuer.accessToken({ audience: 'nmp-platform' });
    const ask = async (audience: string) =>
      hopTokenOf(await send('get', `${AUTHENTICATE}?hop_audience=${audience}`, token));
    expect(await ask('models')).toBe(await ask('models'));
    expect(decodeJwt(await ask('inference')).aud).toBe('inference');
    const other = hopTokenOf(await authenticate({}));
    expect(other).not.toBe(await ask('models'));
  });

  it.each(methods)('are given by %s', async (method) => {
    const answer = await send(method, `${AUTHENTICATE}?hop_audience=models`, await tokenOf({})).expect(200);
    expect(answer.headers['x-nmp-hop-token']).toMatch(/^eyJ/);
  });

  it('are not given unless they are asked for', async () => {
    const answer = await send('get', AUTHENTICATE, await tokenOf({})).expect(200);
    expect(answer.headers).not.toHaveProperty('x-nmp-hop-token');
    expect(answer.headers).not.toHaveProperty('authorization');
  });

  it.each([
    'hop_audience=unknown',
    'hop_audience=',
    'hop_audience=nmp-platform',
    'hop_audience=MODELS',
    'hop_audience=models&hop_audience=inference',
    'hop_audience=models&hop_audience=models',
  ])('are not given for %s', async (query) => {
    const { body, headers } = await send('get', `${AUTHENTICATE}?${query}`, await tokenOf({})).expect(400);
    expect(body).toMatchObject({ code: 'malformed_request', detail: expect.stringContaining('hop_tokens.audiences') });
    expect(headers).not.toHaveProperty('x-nmp-hop-token');
  });

  it('are not given without a good token', async () => {
    for (const path of [`${AUTHENTICATE}?hop_audience=models`, '/apis/auth/ext-authz-hop/models/apis/x']) {
      expect((await send('get', path).expect(401)).headers).not.toHaveProperty('x-nmp-hop-token');
      expect((await send('get', path, 'a.b.c').expect(401)).headers).not.toHaveProperty('authorization');
    }
  });

  it('do not open the platform itself, nor get another hop token', async () => {
    const token = hopTokenOf(await authenticate({}));
    const { body } = await send('get', '/apis/auth/v2/whoami', token).expect(401);
    expect(body).toMatchObject({ code: 'token_type' });
    await send('get', `${AUTHENTICATE}?hop_audience=inference`, token).expect(401);
  });

  it('are for one service: another refuses them', async () => {
    const token = await tokenOf({ scope: 'api://nmp/models:read' });
    const answer = await send('get', `${AUTHENTICATE}?hop_audience=inference`, token).expect(200);
    expect(await callModels(hopTokenOf(answer))).toMatchObject({ status: 401, body: { code: 'token_audience' } });
  });

  it('are the only tokens that the service behind accepts', async () => {
    expect(await callModels(await tokenOf({ scope: 'models:read' }))).toMatchObject({ body: { code: 'token_issuer' } });
    expect(await callModels(await tokenOf({ audience: 'models' }))).toMatchObject({ body: { code: 'token_issuer' } });
  });
});

describe('ext-authz with a hop token', () => {
  it.each(methods)('answers %s with one for the service in the prefix', async (method) => {
    const answer = await send(method, '/apis/auth/ext-authz-hop/models/v1/chat?stream=1', await tokenOf({})).expect(
      200,
    );
    expect(decodeJwt(hopTokenOf(answer)).aud).toBe('models');
    expect(answer.headers.authorization).toBe(`Bearer ${hopTokenOf(answer)}`);
  });

  it('takes no audience from what the client writes', async () => {
    const path = '/apis/auth/ext-authz-hop/models/x?hop_audience=inference';
    expect(decodeJwt(hopTokenOf(await send('get', path, await tokenOf({})))).aud).toBe('models');
  });

  it('answers 400 for a service that is not configured, and 200 without a token for public paths', async () => {
    await send('get', '/apis/auth/ext-authz-hop/unknown/x', await tokenOf({})).expect(400);
    const open = await send('get', '/apis/auth/ext-authz-hop/models/health/live', await tokenOf({})).expect(200);
    expect(open.headers).not.toHaveProperty('x-nmp-hop-token');
    expect(open.headers).not.toHaveProperty('authorization');
    await send('get', '/apis/auth/ext-authz-hop/models').expect(200);
    await send('get', '/apis/auth/ext-authz-hop/models/studio/..%2Fapis').expect(401);
  });
});

describe('the keys of the platform', () => {
  it('are public, may be kept for a while, and have no private part', async () => {
    const answer = await send('get', '/apis/auth/jwks').expect(200);
    expect(answer.body.keys).toHaveLength(1);
    expect(Object.keys(answer.body.keys[0]).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
  });

  it('are found by the discovery document of the issuer', async () => {
    const { body } = await send('get', '/apis/auth/.well-known/openid-configuration').expect(200);
    expect(body).toMatchObject({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` });
    expect(body).not.toHaveProperty('token_endpoint');
  });

  it('are none where no token is issued', async () => {
    const plain = await startPlatform(platformConfig(issuer.issuer));
    const { body } = await supertest(plain.getHttpServer()).get('/apis/auth/jwks').expect(200);
    expect(body).toEqual({ keys: [] });
    const caller = await ApiCaller.signedIn(plain, issuer, {});
    await caller.request('get', `${AUTHENTICATE}?hop_audience=models`).expect(400);
    await plain.close();
  });
});

async function authenticate(input: AccessTokenInput, { from = issuer } = {}): Promise<supertest.Response> {
  return send('get', `${AUTHENTICATE}?hop_audience=models`, await tokenOf(input, from)).expect(200);
}

function tokenOf(input: AccessTokenInput, from = issuer): Promise<string> {
  return from.accessToken({ audience: 'nmp-platform', subject: 'alice', email: 'alice@example.com', ...input });
}

function send(method: (typeof methods)[number], path: string, bearer?: string): supertest.Test {
  const request = supertest(app.getHttpServer())[method](path);
  return bearer === undefined ? request : request.auth(bearer, { type: 'bearer' });
}

function hopTokenOf({ headers }: supertest.Response): string {
  return String(headers['x-nmp-hop-token']);
}

async function callModels(token: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${modelsUrl}/models`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}
