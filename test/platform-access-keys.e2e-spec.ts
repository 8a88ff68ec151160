import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import supertest from 'supertest';
import { AccessKeyUpkeep } from '../src/access-keys/access-key-upkeep.service.js';
import { accessKeys } from '../src/storage/schema.js';
import { AccessKeyStage, AUTHENTICATE, KEYS, WORKSPACES } from './support/access-key-stage.js';
import { ApiCaller } from './support/platform.js';

const ISSUER = 'http://localhost:8080/apis/auth';

let stage: AccessKeyStage;
let admin: ApiCaller;

beforeAll(async () => {
  stage = await AccessKeyStage.start();
  admin = await stage.signedIn('admin');
});

afterAll(async () => {
  await stage?.close();
});

describe('access keys', () => {
  it('are made with an access token, and told once', async () => {
    const { caller, name } = await stage.somebody();
    const answer = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read', 'platform:read'] });
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { access_key: key, ...rest } = answer.body;
    expect(rest).toEqual({
      jti: decodeJwt(key).jti,
      name: 'ci',
      scopes: ['platform:read'],
      state: 'active',
      owner: name,
      owner_email: `${name}@example.com`,
      created_at: expect.any(String),
      expires_at: expect.any(String),
      last_used_at: null,
      replaced_by: null,
    });
    expect(Date.parse(rest.expires_at) - Date.parse(rest.created_at)).toBe(86_400_000);
    const { body } = await caller.request('get', KEYS).expect(200);
    expect(body.data).toEqual([rest]);
    expect(body.pagination.total_results).toBe(1);
  });

  it('are tokens of a kind of their own, without what only a sign-in can vouch for', async () => {
    const { caller, name } = await stage.somebody({ groups: ['team-ml'], claims: { acr: 'phr', auth_time: 1 } });
    const { key } = await stage.made(caller);
    expect(decodeProtectedHeader(key)).toMatchObject({ typ: 'access-key+jwt', alg: 'RS256' });
    const claims = decodeJwt(key);
    expect(claims).toMatchObject({ iss: ISSUER, aud: 'keys', sub: name, scope: 'platform:read', groups: [] });
    expect(claims).not.toHaveProperty('acr');
    expect(claims).not.toHaveProperty('auth_time');
  });

  it('are their owners for gateways', async () => {
    const { caller, name } = await stage.somebody();
    const { key, jti } = await stage.made(caller);
    const answer = await stage.send(key, 'get', AUTHENTICATE).expect(200);
    expect(answer.body).toEqual({
      principal: name,
      email: `${name}@example.com`,
      groups: [],
      scopes: ['platform:read'],
      jti,
      token_kind: 'access_key',
    });
    expect(answer.headers).toMatchObject({ 'x-nmp-principal-id': name, 'x-nmp-scopes': 'platform:read' });
  });

  it('get hop tokens of their owners with their scopes', async () => {
    const { caller, name } = await stage.somebody();
    const { key } = await stage.made(caller);
    const { headers } = await stage.send(key, 'get', `${AUTHENTICATE}?hop_audience=models`).expect(200);
    const hop = decodeJwt(String(headers['x-nmp-hop-token']));
    expect(hop).toMatchObject({
      sub: name,
      aud: 'models',
      scope: 'platform:read',
      nmp: { issuer: stage.issuer.issuer },
    });
  });

  it('do what their owners may do, as far as their scopes go', async () => {
    const { caller, workspace } = await stage.somebody();
    await caller.workspaces('post', '', { name: workspace }).expect(201);
    const { key } = await stage.made(caller, { scopes: ['entities:read'] });
    await stage.send(key, 'get', `${WORKSPACES}/${workspace}`).expect(200);
    const { body } = await stage.send(key, 'put', `${WORKSPACES}/${workspace}`, { description: 'x' }).expect(403);
    expect(body.code).toBe('insufficient_scope');
    await stage.send(key, 'get', KEYS).expect(403);
  });

  it('lose a role when their owners do', async () => {
    const { caller, name, workspace } = await stage.somebody();
    await admin.workspaces('post', '', { name: workspace }).expect(201);
    const member = { principal: `${name}@example.com`, roles: ['Viewer'] };
    await admin.workspaces('post', `/${workspace}/members`, member).expect(201);
    const { key } = await stage.made(caller);
    await stage.send(key, 'get', `${WORKSPACES}/${workspace}`).expect(200);
    await admin.workspaces('delete', `/${workspace}/members/${member.principal}`).expect(200);
    await stage.send(key, 'get', `${WORKSPACES}/${workspace}`).expect(403);
  });

  it('have no groups, for nobody tells when their owners leave one', async () => {
    const { caller, workspace } = await stage.somebody({ groups: ['team-keys'] });
    await admin.workspaces('post', '', { name: workspace }).expect(201);
    await admin.workspaces('post', `/${workspace}/members`, { principal: 'group:team-keys' }).expect(201);
    await caller.workspaces('get', `/${workspace}`).expect(200);
    const { key } = await stage.made(caller);
    await stage.send(key, 'get', `${WORKSPACES}/${workspace}`).expect(403);
  });
});

describe('making one', () => {
  it.each<[string, object, RegExp]>([
    ['no scope', { scopes: [] }, /^scopes must be a list/],
    ['no scopes at all', { scopes: undefined }, /^scopes must be a list/],
    ['two scopes in one', { scopes: ['platform:read platform:write'] }, /is not a scope of the platform/],
    ['a scope with a blank in it', { scopes: ['platform:read x'] }, /"platform:read x" is not a scope of the/],
    ['a scope that restricts nothing', { scopes: ['platform:read', 'openid'] }, /"openid" is not a scope of the/],
    ['a scope of an area that nobody knows', { scopes: ['mail:send'] }, /"mail:send" is not a scope of the/],
    ['no name', { name: undefined }, /^name must be/],
    ['a name that is a path', { name: '../x' }, /^name must be/],
    ['too long a life', { expires_in_seconds: 604_801 }, /^expires_in_seconds must be at most 604800/],
    ['no life', { expires_in_seconds: 0 }, /^expires_in_seconds must be a whole number above 0/],
    ['a wish that is not known', { audience: 'x' }, /^audience is not a known member/],
  ])('is refused with %s', async (_, odd, problem) => {
    const { caller } = await stage.somebody();
    const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'], ...odd }).expect(400);
    expect(body.detail).toMatch(problem);
  });

  it.each([
    ['platform:read auth:write', 'models:read', true],
    ['platform:read auth:write', 'platform:read', true],
    ['platform:read auth:write', 'platform:write', false],
    ['platform:read auth:write', 'models:write', false],
    ['models:read auth:write', 'models:read', true],
    ['models:read auth:write', 'platform:read', false],
    ['openid', 'platform:write', true],
  ])('with a token of %s is no way to more: %s', async (scope, wanted, isGiven) => {
    const { caller } = await stage.somebody({ scope });
    const { status, body } = await caller.request('post', KEYS, { name: 'ci', scopes: [wanted] });
    expect(status).toBe(isGiven ? 201 : 403);
    if (!isGiven) expect(body).toMatchObject({ code: 'access_denied', detail: expect.stringContaining(wanted) });
  });

  it('needs a scope to write, for a key outlives its token', async () => {
    const { caller } = await stage.somebody({ scope: 'platform:read' });
    const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(403);
    expect(body.code).toBe('insufficient_scope');
  });

  it('takes a name once, and again when that key has ended', async () => {
    const { caller } = await stage.somebody();
    const { jti } = await stage.made(caller);
    const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(409);
    expect(body.detail).toBe("You have an access key named 'ci' already");
    await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    const again = await stage.made(caller);
    await stage.expire(again.jti);
    await stage.made(caller);
    const { body: list } = await caller.request('get', KEYS);
    const states = (list.data as { state: string }[]).map(({ state }) => state);
    expect(states.toSorted()).toEqual(['active', 'expired', 'revoked']);
  });

  it('gives everybody names of their own', async () => {
    const [one, other] = [await stage.somebody(), await stage.somebody()];
    expect(await Promise.all([stage.made(one.caller), stage.made(other.caller)])).toHaveLength(2);
  });

  it('ends where there are enough, also for those who ask many times at once', async () => {
    const { caller } = await stage.somebody();
    const wanted = Array.from({ length: 8 }, (_, at) => ({ name: `key-${at}`, scopes: ['platform:read'] }));
    const answers = await Promise.all(wanted.map((body) => caller.request('post', KEYS, body)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(409)]).toEqual([5, 3]);
  });

  it('ends where too many were made in a day, whatever became of them', async () => {
    const { caller, name } = await stage.somebody();
    const { jti } = await stage.made(caller);
    const rows = await stage.database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
    const endsAt = new Date();
    const ended = rows.flatMap((row) =>
      Array.from({ length: 98 }, () => ({ ...row, jti: crypto.randomUUID(), endsAt })),
    );
    await stage.database().insert(accessKeys).values(ended);
    const { body } = await caller.request('post', `${KEYS}/${jti}/rotate`).expect(200);
    const refusal = { code: 'conflict', detail: expect.stringMatching(/^You have made 100 access keys within a day/) };
    const again = await caller.request('post', `${KEYS}/${body.jti}/rotate`).expect(409);
    expect(again.body).toMatchObject(refusal);
    const wanted = { name: 'more', scopes: ['platform:read'] };
    expect((await caller.request('post', KEYS, wanted).expect(409)).body).toMatchObject(refusal);
    const createdAt = new Date(Date.now() - 86_401_000);
    await stage.database().update(accessKeys).set({ createdAt }).where(eq(accessKeys.ownerId, name));
    await caller.request('post', KEYS, wanted).expect(201);
  });

  it('is for those who come with an access token of their own', async () => {
    const wanted = { name: 'ci', scopes: ['platform:read'] };
    await ApiCaller.anonymous(stage.app).request('post', KEYS, wanted).expect(401);
    const client = { subject: 'nmp-jobs', claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' } };
    const service = await ApiCaller.signedIn(stage.app, stage.issuer, client);
    const delegated = (await stage.somebody({ claims: { act: { sub: 'somebody-else' } } })).caller;
    for (const caller of [service, delegated]) {
      const { body } = await caller.request('post', KEYS, wanted).expect(403);
      expect(body.detail).toContain('with an access token of your own');
    }
    const byGateway = supertest(stage.app.getHttpServer()).post(KEYS).send(wanted);
    byGateway.set({ ...stage.proof, 'X-NMP-Principal-Id': 'alice' });
    expect((await byGateway).status).toBe(403);
  });

  it('works for clients as for people', async () => {
    const job = await ApiCaller.signedIn(stage.app, stage.issuer, {
      subject: 'job',
      claims: { azp: 'job', client_id: 'job' },
    });
    const { key } = await stage.made(job);
    const { body } = await stage.send(key, 'get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal).toMatchObject({ kind: 'client', id: 'job' });
  });
});

describe('a key', () => {
  it('makes, rotates and revokes no keys, whatever its scopes are', async () => {
    const { caller } = await stage.somebody();
    const { key, jti } = await stage.made(caller, { scopes: ['platform:read', 'platform:write'] });
    for (const [method, path] of [
      ['post', KEYS],
      ['post', `${KEYS}/${jti}/rotate`],
      ['delete', `${KEYS}/${jti}`],
    ] as const) {
      const wanted = path === KEYS ? { name: 'more', scopes: ['platform:read'] } : undefined;
      const { body } = await stage.send(key, method, path, wanted).expect(403);
      expect(body.detail).toBe('Forbidden: an access key cannot make, rotate or revoke access keys');
    }
    const { body } = await stage.send(key, 'get', KEYS).expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('does not do so for a PlatformAdmin either', async () => {
    const { caller } = await stage.somebody();
    const { jti } = await stage.made(caller);
    const { key, jti: own } = await stage.made(admin, {
      name: 'admin-key',
      scopes: ['platform:read', 'platform:write'],
    });
    await stage.send(key, 'delete', `${KEYS}/${jti}`).expect(403);
    await stage.send(key, 'get', `${KEYS}?all=true`).expect(200);
    await admin.request('delete', `${KEYS}/${own}`).expect(200);
  });

  it('does not become a workload token', async () => {
    const { caller, token } = await stage.somebody();
    const { key } = await stage.made(caller);
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    };
    const exchange = (subject_token: string) =>
      supertest(stage.app.getHttpServer())
        .post('/apis/auth/token')
        .type('form')
        .send({ ...form, subject_token });
    await exchange(token).expect(200);
    expect((await exchange(key).expect(400)).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is told to nobody: not in lists, the database or the audit', async () => {
    const { caller } = await stage.somebody();
    const { key, jti } = await stage.made(caller);
    const [, , signature = ''] = key.split('.');
    const [row] = await stage.database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
    const events = await admin.request('get', '/apis/auth/v2/audit-events?filter[action]=access_key.created');
    for (const told of [row, events.body, (await caller.request('get', KEYS)).body]) {
      expect(JSON.stringify(told)).toContain(jti);
      expect(JSON.stringify(told)).not.toContain(signature);
    }
  });

  it('remembers when it was used, to the hour', async () => {
    const { caller } = await stage.somebody();
    const { key, jti } = await stage.made(caller);
    await stage.send(key, 'get', AUTHENTICATE).expect(200);
    await stage.app.get(AccessKeyUpkeep).run();
    const used = await stage.lastUse(jti);
    expect(used).toEqual(expect.any(Date));
    await stage.send(key, 'get', AUTHENTICATE).expect(200);
    await stage.app.get(AccessKeyUpkeep).run();
    expect(await stage.lastUse(jti)).toEqual(used);
    expect((await caller.request('get', KEYS)).body.data[0].last_used_at).toBe(used?.toISOString());
  });

  it('is forgotten a month after its expiry', async () => {
    const { caller } = await stage.somebody();
    const { jti } = await stage.made(caller);
    await stage.expire(jti, 31 * 86_400_000);
    await stage.app.get(AccessKeyUpkeep).run();
    expect((await caller.request('get', KEYS)).body.data).toEqual([]);
  });

  it('is forgotten a month after it was revoked, though it would have lived on', async () => {
    const { caller } = await stage.somebody();
    const [old, young] = [await stage.made(caller, { name: 'old' }), await stage.made(caller, { name: 'young' })];
    for (const [{ jti }, days] of [
      [old, 31],
      [young, 29],
    ] as const) {
      await caller.request('delete', `${KEYS}/${jti}`).expect(200);
      const endsAt = new Date(Date.now() - days * 86_400_000);
      await stage.database().update(accessKeys).set({ endsAt }).where(eq(accessKeys.jti, jti));
    }
    await stage.app.get(AccessKeyUpkeep).run();
    const { body } = await caller.request('get', KEYS);
    expect((body.data as { name: string }[]).map(({ name }) => name)).toEqual(['young']);
    await stage.refused(old.key);
  });
});
