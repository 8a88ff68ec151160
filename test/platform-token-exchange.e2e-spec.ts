import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import supertest from 'supertest';
import type { ExchangeRule } from '../src/config/exchange-rule.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const TOKEN = '/apis/auth/token';
const ISSUER = 'http://localhost:8080/apis/auth';
const AUDIENCE = `${ISSUER}/workloads`;
const fixtures = JSON.parse(readFileSync(new URL('fixtures/identity-providers.json', import.meta.url), 'utf8')) as {
  id: string;
  access_token_header: object;
  access_token_claims: Record<string, unknown>;
}[];

let people: TestIssuer;
let ci: TestIssuer;
let away: TestIssuer;
let app: NestFastifyApplication;
let admin: ApiCaller;

beforeAll(async () => {
  [people, ci, away] = await Promise.all([startIssuer(), startIssuer(), startIssuer()]);
  away.fail('refuse');
  app = await startPlatform(
    platformConfig(people.issuer, {
      tokenExchange: {
        audience: AUDIENCE,
        rules: [
          rule({ name: 'main', subject: 'repo:acme-example/*:ref:refs/heads/main' }),
          rule({ name: 'namespace', claims: { 'kubernetes.io.namespace': 'ml' }, scopes: ['platform:read'] }),
          rule({ name: 'odd', subject: 'odd', scopes: ['platform:read', 'openid'] }),
          rule({ name: 'none', subject: 'none', scopes: ['openid'] }),
          rule({ name: 'away', issuer: away.issuer, subject: 'x' }),
        ],
      },
      hopTokens: { audiences: ['models'], lifeSeconds: 60 },
    }),
  );
  admin = await ApiCaller.signedIn(app, people, { subject: 'admin', email: 'admin@example.com' });
});

afterAll(async () => {
  await app?.close();
  await Promise.all([people, ci, away].map((issuer) => issuer?.close()));
});

describe('token exchange', () => {
  it('gives a workload a token of the platform for the one that its surroundings gave it', async () => {
    const answer = await exchange({ subject_token: await fromFixture('github-actions-mutable-sub') }).expect(200);
    const { access_token: token, ...rest } = answer.body;
    expect(rest).toEqual({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'platform:read platform:write',
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'workload+jwt', alg: 'RS256' });
    expect(decodeJwt(token)).toMatchObject({ iss: ISSUER, aud: AUDIENCE, sub: 'trainer', client_id: 'trainer' });
  });

  it('makes the workload a client that roles can be given to', async () => {
    const call = await workload();
    const { body } = await call('get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal).toMatchObject({ id: 'trainer', kind: 'client', groups: ['team-ml'], issuer: ISSUER });
    await admin.workspaces('post', '', { name: 'training' }).expect(201);
    await call('get', '/apis/entities/v2/workspaces/training').expect(403);
    await admin.workspaces('post', '/training/members', { principal: 'group:team-ml', roles: ['Viewer'] }).expect(201);
    await call('get', '/apis/entities/v2/workspaces/training').expect(200);
    await call('delete', '/apis/entities/v2/workspaces/training').expect(403);
  });

  it('gives the scopes of the first rule that holds, or those of them that were asked for', async () => {
    const subjectToken = await fromFixture('k8s-bound-token');
    expect((await exchange({ subject_token: subjectToken }).expect(200)).body.scope).toBe('platform:read');
    const both = await fromFixture('github-actions-mutable-sub');
    const { body } = await exchange({ subject_token: both, scope: 'platform:write' }).expect(200);
    expect(body.scope).toBe('platform:write');
    expect(decodeJwt(body.access_token).scope).toBe('platform:write');
    const more = await exchange({ subject_token: subjectToken, scope: 'platform:read platform:write' }).expect(400);
    expect(more.body).toMatchObject({ error: 'invalid_scope' });
  });

  it.each([
    ['odd', undefined, 200],
    ['odd', 'platform:read', 200],
    ['odd', 'openid', 400],
    ['none', undefined, 400],
  ])('gives no token that scopes would not limit: %s, %s', async (subject, scope, status) => {
    const form = { subject_token: await fromCi({ subject }), ...(scope !== undefined && { scope }) };
    const { body } = await exchange(form).expect(status);
    if (status === 400) expect(body).toMatchObject({ error: 'invalid_scope' });
  });

  it('refuses a form of very many fields at once', async () => {
    const fields = Array.from({ length: 10_000 }, (_, count) => `f${count}`).join('&');
    const { body } = await supertest(app.getHttpServer()).post(TOKEN).type('form').send(fields).expect(400);
    expect(body.error_description).toContain('at most 64 fields');
    const large = await supertest(app.getHttpServer()).post(TOKEN).type('form').send('x'.repeat(70_000));
    expect(large.body).toMatchObject({ error: 'invalid_request', detail: expect.stringContaining('65536 bytes') });
  });

  it('takes the one audience there is, and no other', async () => {
    const subjectToken = await fromFixture('k8s-bound-token');
    await exchange({ subject_token: subjectToken, audience: AUDIENCE, resource: AUDIENCE }).expect(200);
    for (const [name, target] of [
      ['audience', 'models'],
      ['resource', 'https://api.example.com'],
    ] as const) {
      const { body } = await exchange({ subject_token: subjectToken, [name]: target }).expect(400);
      expect(body).toMatchObject({ error: 'invalid_target' });
    }
  });

  it.each<[string, AccessTokenInput]>([
    ['a subject of no rule', { subject: 'repo:acme-example/train:pull_request' }],
    ['a subject made to look like one', { subject: 'repo:acme-example/x:environment:y:ref:refs/heads/main' }],
    ['a token for somebody else', { audience: 'https://other.example.com' }],
    ['a token for several, none of them us', { audience: ['a', 'b'] }],
    ['an expired token', { expiresInSeconds: -60 }],
    ['a token that is not valid yet', { claims: { nbf: 4_000_000_000 } }],
    ['a token without an end', { claims: { exp: undefined } }],
    ['an ID token', { claims: { nonce: 'x' } }],
    ['a hop token', { header: { typ: 'hop+jwt' } }],
    ['a workload token', { header: { typ: 'workload+jwt' } }],
    ['a token of an issuer without a rule', { claims: { iss: 'https://stranger.example' } }],
    ['an unsigned token', { header: { alg: 'none' } }],
    ['a token bound to a key', { claims: { cnf: { jkt: 'x' } } }],
  ])('refuses %s', async (_, odd) => {
    const { body } = await exchange({ subject_token: await fromCi(odd) }).expect(400);
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: expect.any(String),
      detail: expect.any(String),
    });
    await exchange({ subject_token: await fromCi({}) }).expect(200);
  });

  it("refuses people's tokens, and the platform's own", async () => {
    const person = await people.accessToken({
      audience: 'nmp-platform',
      subject: 'repo:acme-example/x:ref:refs/heads/main',
    });
    expect((await exchange({ subject_token: person }).expect(400)).body.error).toBe('invalid_request');
    const { body } = await exchange({ subject_token: await fromCi({}) }).expect(200);
    expect((await exchange({ subject_token: body.access_token }).expect(400)).body.error).toBe('invalid_request');
  });

  it.each<[string, Record<string, string>, string]>([
    ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no token', { subject_token: '' }, 'invalid_request'],
    ['what is no token', { subject_token: 'x' }, 'invalid_request'],
  ])('answers %s in the words of OAuth', async (_, difference, error) => {
    const answer = await exchange({ subject_token: await fromCi({}), ...difference }).expect(400);
    expect(answer.body).toMatchObject({ error, detail: answer.body.error_description });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('takes a form and nothing else', async () => {
    const subjectToken = await fromCi({});
    const json = await supertest(app.getHttpServer())
      .post(TOKEN)
      .send({ ...request, subject_token: subjectToken });
    expect(json).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const query = await supertest(app.getHttpServer())
      .post(`${TOKEN}?subject_token=${subjectToken}`)
      .type('form')
      .send(request);
    expect(query).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    await supertest(app.getHttpServer()).get(TOKEN).expect(404);
  });

  it('answers 503 while the keys of the issuer cannot be had', async () => {
    const subjectToken = await away.accessToken({ audience: 'nmp', subject: 'x' });
    const answer = await exchange({ subject_token: subjectToken }).expect(503);
    expect(answer.body).toMatchObject({ error: 'temporarily_unavailable' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await exchange({ subject_token: await fromCi({}) }).expect(200);
  });

  it('is announced by discovery', async () => {
    const { body } = await supertest(app.getHttpServer()).get('/apis/auth/discovery').expect(200);
    expect(body.oidc).toMatchObject({
      workload_token_exchange_enabled: true,
      workload_client_id: null,
      workload_token_endpoint: 'http://localhost:8080/apis/auth/token',
      workload_audience: AUDIENCE,
      workload_scope: null,
    });
    const metadata = await supertest(app.getHttpServer())
      .get('/apis/auth/.well-known/openid-configuration')
      .expect(200);
    expect(metadata.body).toMatchObject({
      token_endpoint: 'http://localhost:8080/apis/auth/token',
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    });
  });

  it('is written down, and so is who was refused', async () => {
    const since = new Date().toISOString();
    await exchange({ subject_token: await fromCi({}) }).expect(200);
    await exchange({ subject_token: await fromCi({ subject: 'repo:other/x:ref:refs/heads/main' }) }).expect(400);
    const [granted] = await events(`filter[action]=token.exchanged&filter[since]=${since}`);
    expect(granted).toMatchObject({
      decision: 'allowed',
      actor: 'trainer',
      actor_kind: 'client',
      actor_issuer: ci.issuer,
      target: 'repo:acme-example/train:ref:refs/heads/main',
      details: { rule: 'main', scopes: ['platform:read', 'platform:write'] },
    });
    const filter = 'filter[action]=request.refused&filter[decision]=refused';
    let refused: { reason: string }[] = [];
    // Refusals are written a little later.
    while (!refused.some(({ reason }) => reason === 'exchange_no_rule')) refused = await events(filter);
    expect(JSON.stringify(refused)).not.toMatch(/eyJ/);
  });
});

describe('a workload token', () => {
  it('is no hop token, and gets one', async () => {
    const { body } = await exchange({ subject_token: await fromCi({}) }).expect(200);
    const answer = await supertest(app.getHttpServer())
      .get('/apis/auth/authenticate?hop_audience=models')
      .auth(body.access_token, { type: 'bearer' })
      .expect(200);
    expect(answer.body).toMatchObject({ principal: 'trainer', token_kind: 'workload_access_token' });
    expect(decodeJwt(String(answer.headers['x-nmp-hop-token']))).toMatchObject({
      sub: 'trainer',
      nmp: { kind: 'client', issuer: ISSUER, shares_users: true },
    });
  });

  it.each<[string, AccessTokenInput]>([
    ['signed by a provider', { header: { typ: 'workload+jwt' } }],
    ['for the platform', { header: { typ: 'workload+jwt' }, claims: { iss: ISSUER, aud: AUDIENCE } }],
  ])('is not accepted when it is %s', async (_, odd) => {
    const token = await people.accessToken({ audience: 'nmp-platform', ...odd });
    await supertest(app.getHttpServer()).get('/apis/auth/v2/whoami').auth(token, { type: 'bearer' }).expect(401);
  });
});

it('is off unless there are rules', async () => {
  const plain = await startPlatform(platformConfig(people.issuer));
  await supertest(plain.getHttpServer()).post(TOKEN).type('form').send(request).expect(404);
  const { body } = await supertest(plain.getHttpServer()).get('/apis/auth/discovery').expect(200);
  expect(body.oidc).toMatchObject({ workload_token_exchange_enabled: false, workload_token_endpoint: null });
  await plain.close();
});

const request = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
};

function exchange(form: Record<string, string>): supertest.Test {
  return supertest(app.getHttpServer())
    .post(TOKEN)
    .type('form')
    .send({ ...request, ...form });
}

async function workload() {
  const { body } = await exchange({ subject_token: await fromCi({}) }).expect(200);
  return (method: 'get' | 'delete', path: string) =>
    supertest(app.getHttpServer())[method](path).auth(body.access_token, { type: 'bearer' });
}

function fromCi(input: AccessTokenInput): Promise<string> {
  return ci.accessToken({ audience: 'nmp', subject: 'repo:acme-example/train:ref:refs/heads/main', ...input });
}

/** A token of the form that a real provider gives, from ours. */
function fromFixture(id: string): Promise<string> {
  const fixture = fixtures.find((candidate) => candidate.id === id);
  const { iss: _iss, iat: _iat, exp: _exp, nbf: _nbf, aud, ...claims } = fixture?.access_token_claims ?? {};
  const nothing = {
    client_id: undefined,
    email: undefined,
    email_verified: undefined,
    groups: undefined,
    scope: undefined,
  };
  return ci.accessToken({
    header: { typ: undefined },
    claims: { ...nothing, ...claims, aud: Array.isArray(aud) ? ['nmp'] : 'nmp' },
  });
}

async function events(query: string) {
  const { body } = await admin.request('get', `/apis/auth/v2/audit-events?page_size=1000&${query}`).expect(200);
  return body.data;
}

function rule(difference: Partial<ExchangeRule>): ExchangeRule {
  return {
    name: 'rule',
    issuer: ci.issuer,
    jwksUri: undefined,
    discoveryUrl: undefined,
    audience: 'nmp',
    subject: undefined,
    claims: {},
    principal: { id: 'trainer', email: undefined, groups: ['team-ml'] },
    scopes: ['platform:read', 'platform:write'],
    lifeSeconds: 300,
    ...difference,
  };
}
