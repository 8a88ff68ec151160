import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import { Database } from '../src/storage/database.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let nobody: ApiCaller;
let alice: ApiCaller;
const lines: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  const write = (message: unknown) => void lines.push(String(message));
  const logger = { log: write, warn: write, error: write, fatal: write };
  app = await startPlatform(platformConfig(issuer.issuer), {}, logger);
  nobody = ApiCaller.anonymous(app);
  alice = await ApiCaller.signedIn(app, issuer, {
    subject: 'alice',
    email: 'alice@example.com',
    groups: ['team-ml'],
    scope: 'openid platform:read',
  });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('health', () => {
  it.each(['/health/live', '/health', '/healthz', '/health/ready', '/ready', '/readyz'])(
    'answers %s without a token',
    async (path) => {
      const { body } = await nobody.request('get', path).expect(200);
      expect(body.status).toBe('ok');
      await nobody.request('head', path).expect(200);
    },
  );

  it('is not ready while the database does not answer', async () => {
    const spy = jest.spyOn(app.get<Database>(Database), 'execute').mockRejectedValue(new Error('gone'));
    const { body } = await nobody.request('get', '/health/ready').expect(503);
    expect(body).toEqual({
      statusCode: 503,
      error: 'Service Unavailable',
      code: 'unavailable',
      detail: 'Not ready: database',
      details: expect.objectContaining({
        database: { status: 'down', message: 'it does not answer' },
        'policy data': { status: 'up' },
      }),
    });
    expect(JSON.stringify(body)).not.toContain('gone');
    await nobody.request('get', '/health/live').expect(200);
    spy.mockRestore();
  });
});

describe('whoami', () => {
  it('tells who the token says the caller is', async () => {
    const { body } = await alice.request('get', '/apis/auth/v2/whoami').expect(200);
    expect(body).toEqual({
      principal: {
        kind: 'user',
        id: 'alice',
        email: 'alice@example.com',
        email_verified: true,
        groups: ['team-ml'],
        groups_overage: false,
        issuer: issuer.issuer,
        client_id: 'nmp-cli',
        expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      scopes: ['openid', 'platform:read'],
      roles: { default: ['Editor'], system: ['Viewer', 'WorkspaceCreator'] },
    });
  });

  it('knows no expiry after the year 9999', async () => {
    const caller = await ApiCaller.signedIn(app, issuer, { claims: { exp: 1e15 } });
    const { body } = await caller.request('get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal.expires_at).toBeNull();
  });

  it('needs no scope', async () => {
    const caller = await ApiCaller.signedIn(app, issuer, { scope: 'models:read', claims: { email: undefined } });
    const { body } = await caller.request('get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal.email).toBeNull();
  });
});

describe('errors', () => {
  it('answers 401 with a challenge without a token', async () => {
    const answer = await nobody.request('get', '/apis/auth/v2/whoami').expect(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="nmp"(?!.*error)/);
    expect(answer.body).toEqual({
      statusCode: 401,
      error: 'Unauthorized',
      code: 'missing_token',
      detail:
        'Unauthorized: send an access token as "Authorization: Bearer …"; /apis/auth/discovery says who issues them',
    });
  });

  it('answers 401 invalid_token for a token of another audience, and 400 for two tokens', async () => {
    const stranger = await ApiCaller.signedIn(app, issuer, { audience: 'another-api' });
    const refused = await stranger.workspaces('get').expect(401);
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(refused.body).toMatchObject({
      code: 'token_audience',
      detail: expect.stringMatching(/^Invalid or expired token/),
    });
    const malformed = await nobody.workspaces('get').set('Authorization', 'Bearer a b').expect(400);
    expect(malformed.body).toMatchObject({
      code: 'malformed_request',
      error: 'Bad Request',
      detail: expect.any(String),
    });
  });

  it('answers 403 with the missing scope in the challenge', async () => {
    const answer = await alice.workspaces('post', '', { name: 'x' }).expect(403);
    expect(answer.headers['www-authenticate']).toMatch(/error="insufficient_scope".*scope="entities:write"/);
    expect(answer.body).toMatchObject({ statusCode: 403, code: 'insufficient_scope' });
  });

  it('answers 404 to an unknown route without repeating the query', async () => {
    const { body } = await nobody.request('get', '/nowhere?access_token=secret').expect(404);
    expect(body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      code: 'not_found',
      detail: 'No such route: GET /nowhere',
    });
  });

  it('answers 404 to a method nobody serves', async () => {
    const { body } = await supertest(app.getHttpServer()).patch('/apis/auth/v2/whoami').expect(404);
    expect(body.detail).toBe('No such route: PATCH /apis/auth/v2/whoami');
  });

  it.each([
    ['malformed JSON', 'application/json', '{"name":', 400, 'invalid_input'],
    ['another media type', 'text/csv', 'name', 415, 'unsupported_media_type'],
    ['a text', 'text/plain', '{"name":"c1"}', 415, 'unsupported_media_type'],
    ['nearly JSON', 'application/json5', '{"name":"c1"}', 415, 'unsupported_media_type'],
    ['no media type', 'x', '{"name":"c1"}', 415, 'unsupported_media_type'],
    ['a form', 'application/x-www-form-urlencoded', '{"name":"c1"}', 415, 'unsupported_media_type'],
    [
      'a body of two megabytes',
      'application/json',
      JSON.stringify({ name: 'x'.repeat(2_000_000) }),
      413,
      'body_too_large',
    ],
  ])('answers %s in the usual shape', async (_, type, content, status, code) => {
    const writer = await ApiCaller.signedIn(app, issuer, {});
    const { body } = await writer.workspaces('post').set('Content-Type', type).send(content).expect(status);
    expect(body).toEqual({ statusCode: status, error: expect.any(String), code, detail: expect.any(String) });
    expect(JSON.stringify(body)).not.toContain('    at ');
  });

  it('keeps what nobody foresaw to itself, and logs it under the id of the request', async () => {
    const spy = jest.spyOn(app.get<Database>(Database), 'select').mockImplementation(() => {
      throw new Error('relation "secret" does not exist');
    });
    const { body, headers } = await alice.workspaces('get').set('X-Request-Id', 'trace-1').expect(500);
    spy.mockRestore();
    expect(body).toEqual({
      statusCode: 500,
      error: 'Internal Server Error',
      code: 'internal_error',
      detail: 'Internal server error',
    });
    expect(headers['x-request-id']).toBe('trace-1');
    expect(lines.join('\n')).toMatch(/Request trace-1 \(GET \/apis\/entities\/v2\/workspaces\) failed: .*"secret"/);
  });
});

describe('log', () => {
  it('has one line per request with its id, and no query, token or secret', async () => {
    const token = await issuer.accessToken({ audience: 'nmp-platform' });
    lines.length = 0;
    const { headers } = await nobody
      .request('get', '/apis/auth/v2/whoami?access_token=in-the-query')
      .set('Authorization', `Bearer ${token}`)
      .expect(200);
    const requestId = headers['x-request-id'];
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect(lines.filter((line) => line.includes(requestId!))).toEqual([
      expect.stringMatching(/^GET \/apis\/auth\/v2\/whoami 200 [\d.]+ms [\da-f-]+$/),
    ]);
    const log = lines.join('\n');
    for (const secret of [token, token.split('.')[2]!, 'in-the-query']) expect(log).not.toContain(secret);
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])('does not take over the request id %j', async (id) => {
    const { headers } = await nobody.request('get', '/health').set('X-Request-Id', id);
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });
});

it('tells clients how to sign in', async () => {
  const { body } = await nobody.request('get', '/apis/auth/discovery').expect(200);
  expect(body).toMatchObject({
    auth_enabled: true,
    oidc: { issuer: issuer.issuer, client_id: 'nmp-cli', token_endpoint: `${issuer.issuer}/token` },
  });
});
