import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { eq } from 'drizzle-orm';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import supertest from 'supertest';
import { AccessKeyUpkeep } from '../src/access-keys/access-key-upkeep.service.js';
import type { ExchangeRule } from '../src/config/exchange-rule.js';
import { Database } from '../src/storage/database.js';
import { accessKeys } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

const KEYS = '/apis/auth/v2/access-keys';
const AUTHENTICATE = '/apis/auth/authenticate';
const WORKSPACES = '/apis/entities/v2/workspaces';
const ISSUER = 'http://localhost:8080/apis/auth';
const settings = { audience: 'keys', defaultLifeSeconds: 86_400, maxLifeSeconds: 604_800, maxPerOwner: 5 };
const secret = 'the-secret-of-the-gateway';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let admin: ApiCaller;
let people = 0;

beforeAll(async () => {
  issuer = await startIssuer();
  const rule: ExchangeRule = {
    name: 'everything',
    issuer: issuer.issuer,
    jwksUri: undefined,
    discoveryUrl: undefined,
    audience: 'nmp-platform',
    subject: undefined,
    claims: { iss: issuer.issuer },
    principal: { id: 'job', email: undefined, groups: [] },
    scopes: ['platform:write'],
    lifeSeconds: 300,
  };
  const { auth, ...config } = platformConfig(issuer.issuer);
  app = await startPlatform({
    ...config,
    auth: {
      ...auth,
      serviceClients: [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }],
      trustedHeaders: { secretHeader: 'x-gateway-secret', secret },
    },
    accessKeys: settings,
    hopTokens: { audiences: ['models'], lifeSeconds: 60 },
    tokenExchange: { audience: 'workloads', rules: [rule] },
  });
  admin = await signedIn('admin');
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('access keys', () => {
  it('are made with an access token, and told once', async () => {
    const { caller, name } = await somebody();
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
    const { caller, name } = await somebody({ groups: ['team-ml'], claims: { acr: 'phr', auth_time: 1 } });
    const { key } = await made(caller);
    expect(decodeProtectedHeader(key)).toMatchObject({ typ: 'access-key+jwt', alg: 'RS256' });
    const claims = decodeJwt(key);
    expect(claims).toMatchObject({ iss: ISSUER, aud: 'keys', sub: name, scope: 'platform:read', groups: [] });
    expect(claims).not.toHaveProperty('acr');
    expect(claims).not.toHaveProperty('auth_time');
  });

  it('are their owners for gateways', async () => {
    const { caller, name } = await somebody();
    const { key, jti } = await made(caller);
    const answer = await send(key, 'get', AUTHENTICATE).expect(200);
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
    const { caller, name } = await somebody();
    const { key } = await made(caller);
    const { headers } = await send(key, 'get', `${AUTHENTICATE}?hop_audience=models`).expect(200);
    const hop = decodeJwt(String(headers['x-nmp-hop-token']));
    expect(hop).toMatchObject({ sub: name, aud: 'models', scope: 'platform:read', nmp: { issuer: issuer.issuer } });
  });

  it('do what their owners may do, as far as their scopes go', async () => {
    const { caller, workspace } = await somebody();
    await caller.workspaces('post', '', { name: workspace }).expect(201);
    const { key } = await made(caller, { scopes: ['entities:read'] });
    await send(key, 'get', `${WORKSPACES}/${workspace}`).expect(200);
    const { body } = await send(key, 'put', `${WORKSPACES}/${workspace}`, { description: 'x' }).expect(403);
    expect(body.code).toBe('insufficient_scope');
    await send(key, 'get', KEYS).expect(403);
  });

  it('lose a role when their owners do', async () => {
    const { caller, name, workspace } = await somebody();
    await admin.workspaces('post', '', { name: workspace }).expect(201);
    const member = { principal: `${name}@example.com`, roles: ['Viewer'] };
    await admin.workspaces('post', `/${workspace}/members`, member).expect(201);
    const { key } = await made(caller);
    await send(key, 'get', `${WORKSPACES}/${workspace}`).expect(200);
    await admin.workspaces('delete', `/${workspace}/members/${member.principal}`).expect(200);
    await send(key, 'get', `${WORKSPACES}/${workspace}`).expect(403);
  });

  it('have no groups, for nobody tells when their owners leave one', async () => {
    const { caller, workspace } = await somebody({ groups: ['team-keys'] });
    await admin.workspaces('post', '', { name: workspace }).expect(201);
    await admin.workspaces('post', `/${workspace}/members`, { principal: 'group:team-keys' }).expect(201);
    await caller.workspaces('get', `/${workspace}`).expect(200);
    const { key } = await made(caller);
    await send(key, 'get', `${WORKSPACES}/${workspace}`).expect(403);
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
    const { caller } = await somebody();
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
    const { caller } = await somebody({ scope });
    const { status, body } = await caller.request('post', KEYS, { name: 'ci', scopes: [wanted] });
    expect(status).toBe(isGiven ? 201 : 403);
    if (!isGiven) expect(body).toMatchObject({ code: 'access_denied', detail: expect.stringContaining(wanted) });
  });

  it('needs a scope to write, for a key outlives its token', async () => {
    const { caller } = await somebody({ scope: 'platform:read' });
    const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(403);
    expect(body.code).toBe('insufficient_scope');
  });

  it('takes a name once, and again when that key has ended', async () => {
    const { caller } = await somebody();
    const { jti } = await made(caller);
    const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(409);
    expect(body.detail).toBe("You have an access key named 'ci' already");
    await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    const again = await made(caller);
    await expire(again.jti);
    await made(caller);
    const { body: list } = await caller.request('get', KEYS);
    const states = (list.data as { state: string }[]).map(({ state }) => state);
    expect(states.toSorted()).toEqual(['active', 'expired', 'revoked']);
  });

  it('gives everybody names of their own', async () => {
    const [one, other] = [await somebody(), await somebody()];
    expect(await Promise.all([made(one.caller), made(other.caller)])).toHaveLength(2);
  });

  it('ends where there are enough, also for those who ask many times at once', async () => {
    const { caller } = await somebody();
    const wanted = Array.from({ length: 8 }, (_, at) => ({ name: `key-${at}`, scopes: ['platform:read'] }));
    const answers = await Promise.all(wanted.map((body) => caller.request('post', KEYS, body)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(201), count(409)]).toEqual([5, 3]);
  });

  it('ends where too many were made in a day, whatever became of them', async () => {
    const { caller, name } = await somebody();
    const { jti } = await made(caller);
    const rows = await database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
    const endsAt = new Date();
    const ended = rows.flatMap((row) =>
      Array.from({ length: 98 }, () => ({ ...row, jti: crypto.randomUUID(), endsAt })),
    );
    await database().insert(accessKeys).values(ended);
    const { body } = await caller.request('post', `${KEYS}/${jti}/rotate`).expect(200);
    const refusal = { code: 'conflict', detail: expect.stringMatching(/^You have made 100 access keys within a day/) };
    const again = await caller.request('post', `${KEYS}/${body.jti}/rotate`).expect(409);
    expect(again.body).toMatchObject(refusal);
    const wanted = { name: 'more', scopes: ['platform:read'] };
    expect((await caller.request('post', KEYS, wanted).expect(409)).body).toMatchObject(refusal);
    const createdAt = new Date(Date.now() - 86_401_000);
    await database().update(accessKeys).set({ createdAt }).where(eq(accessKeys.ownerId, name));
    await caller.request('post', KEYS, wanted).expect(201);
  });

  it('is for those who come with an access token of their own', async () => {
    const wanted = { name: 'ci', scopes: ['platform:read'] };
    await ApiCaller.anonymous(app).request('post', KEYS, wanted).expect(401);
    const client = { subject: 'nmp-jobs', claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' } };
    const service = await ApiCaller.signedIn(app, issuer, client);
    const delegated = (await somebody({ claims: { act: { sub: 'somebody-else' } } })).caller;
    for (const caller of [service, delegated]) {
      const { body } = await caller.request('post', KEYS, wanted).expect(403);
      expect(body.detail).toContain('with an access token of your own');
    }
    const byGateway = supertest(app.getHttpServer()).post(KEYS).send(wanted);
    byGateway.set({ 'x-gateway-secret': secret, 'X-NMP-Principal-Id': 'alice' });
    expect((await byGateway).status).toBe(403);
  });

  it('works for clients as for people', async () => {
    const job = await ApiCaller.signedIn(app, issuer, { subject: 'job', claims: { azp: 'job', client_id: 'job' } });
    const { key } = await made(job);
    const { body } = await send(key, 'get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal).toMatchObject({ kind: 'client', id: 'job' });
  });
});

describe('a key', () => {
  it('makes, rotates and revokes no keys, whatever its scopes are', async () => {
    const { caller } = await somebody();
    const { key, jti } = await made(caller, { scopes: ['platform:read', 'platform:write'] });
    for (const [method, path] of [
      ['post', KEYS],
      ['post', `${KEYS}/${jti}/rotate`],
      ['delete', `${KEYS}/${jti}`],
    ] as const) {
      const wanted = path === KEYS ? { name: 'more', scopes: ['platform:read'] } : undefined;
      const { body } = await send(key, method, path, wanted).expect(403);
      expect(body.detail).toBe('Forbidden: an access key cannot make, rotate or revoke access keys');
    }
    const { body } = await send(key, 'get', KEYS).expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('does not do so for a PlatformAdmin either', async () => {
    const { caller } = await somebody();
    const { jti } = await made(caller);
    const { key, jti: own } = await made(admin, { name: 'admin-key', scopes: ['platform:read', 'platform:write'] });
    await send(key, 'delete', `${KEYS}/${jti}`).expect(403);
    await send(key, 'get', `${KEYS}?all=true`).expect(200);
    await admin.request('delete', `${KEYS}/${own}`).expect(200);
  });

  it('does not become a workload token', async () => {
    const { caller, token } = await somebody();
    const { key } = await made(caller);
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    };
    const exchange = (subject_token: string) =>
      supertest(app.getHttpServer())
        .post('/apis/auth/token')
        .type('form')
        .send({ ...form, subject_token });
    await exchange(token).expect(200);
    expect((await exchange(key).expect(400)).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is told to nobody: not in lists, the database or the audit', async () => {
    const { caller } = await somebody();
    const { key, jti } = await made(caller);
    const [, , signature = ''] = key.split('.');
    const [row] = await database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
    const events = await admin.request('get', '/apis/auth/v2/audit-events?filter[action]=access_key.created');
    for (const told of [row, events.body, (await caller.request('get', KEYS)).body]) {
      expect(JSON.stringify(told)).toContain(jti);
      expect(JSON.stringify(told)).not.toContain(signature);
    }
  });

  it('remembers when it was used, to the hour', async () => {
    const { caller } = await somebody();
    const { key, jti } = await made(caller);
    await send(key, 'get', AUTHENTICATE).expect(200);
    await app.get(AccessKeyUpkeep).run();
    const used = await lastUse(jti);
    expect(used).toEqual(expect.any(Date));
    await send(key, 'get', AUTHENTICATE).expect(200);
    await app.get(AccessKeyUpkeep).run();
    expect(await lastUse(jti)).toEqual(used);
    expect((await caller.request('get', KEYS)).body.data[0].last_used_at).toBe(used?.toISOString());
  });

  it('is forgotten a month after its expiry', async () => {
    const { caller } = await somebody();
    const { jti } = await made(caller);
    await expire(jti, 31 * 86_400_000);
    await app.get(AccessKeyUpkeep).run();
    expect((await caller.request('get', KEYS)).body.data).toEqual([]);
  });

  it('is forgotten a month after it was revoked, though it would have lived on', async () => {
    const { caller } = await somebody();
    const [old, young] = [await made(caller, { name: 'old' }), await made(caller, { name: 'young' })];
    for (const [{ jti }, days] of [
      [old, 31],
      [young, 29],
    ] as const) {
      await caller.request('delete', `${KEYS}/${jti}`).expect(200);
      const endsAt = new Date(Date.now() - days * 86_400_000);
      await database().update(accessKeys).set({ endsAt }).where(eq(accessKeys.jti, jti));
    }
    await app.get(AccessKeyUpkeep).run();
    const { body } = await caller.request('get', KEYS);
    expect((body.data as { name: string }[]).map(({ name }) => name)).toEqual(['young']);
    await refused(old.key);
  });
});

describe('rotating one', () => {
  it('gives a new key of the same name and scopes, and ends the old one at once', async () => {
    const { caller } = await somebody();
    const old = await made(caller, { scopes: ['models:read', 'entities:read'], expires_in_seconds: 3_600 });
    await send(old.key, 'get', AUTHENTICATE).expect(200);
    const answer = await caller.request('post', `${KEYS}/${old.jti}/rotate`).expect(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { access_key: key, ...rest } = answer.body;
    expect(rest).toMatchObject({ name: 'ci', scopes: ['models:read', 'entities:read'], state: 'active' });
    expect(Date.parse(rest.expires_at) - Date.parse(rest.created_at)).toBe(3_600_000);
    await send(key, 'get', AUTHENTICATE).expect(200);
    await refused(old.key);
    const { body } = await caller.request('get', `${KEYS}?sort=created_at`);
    const ofOld = (body.data as { jti: string }[]).find(({ jti }) => jti === old.jti);
    expect(ofOld).toMatchObject({ state: 'rotated', replaced_by: rest.jti });
  });

  it('leaves the old one a time of grace, if that is wished, and no longer', async () => {
    const { caller } = await somebody();
    const old = await made(caller);
    const body = { grace_seconds: 600, expires_in_seconds: 60 };
    const { body: rotated } = await caller.request('post', `${KEYS}/${old.jti}/rotate`, body).expect(200);
    expect(Date.parse(rotated.expires_at) - Date.parse(rotated.created_at)).toBe(60_000);
    await send(old.key, 'get', AUTHENTICATE).expect(200);
    await caller.request('post', `${KEYS}/${old.jti}/rotate`, {}).expect(409);
    await caller.request('delete', `${KEYS}/${old.jti}`).expect(200);
    await refused(old.key);
    await send(rotated.access_key, 'get', AUTHENTICATE).expect(200);
  });

  it('makes no more keys than one may have: who has as many has no time of grace', async () => {
    const { caller } = await somebody();
    const keys: { key: string; jti: string }[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) keys.push(await made(caller, { name }));
    const rotate = (body: object) => caller.request('post', `${KEYS}/${keys[0]?.jti}/rotate`, body);
    const { body } = await rotate({ grace_seconds: 600 }).expect(409);
    expect(body.detail).toBe('You have 5 access keys, and may not have more: revoke one');
    await send(keys[0]?.key ?? '', 'get', AUTHENTICATE).expect(200);
    const { body: rotated } = await rotate({}).expect(200);
    await caller.request('delete', `${KEYS}/${keys[1]?.jti}`).expect(200);
    await caller.request('post', `${KEYS}/${rotated.jti}/rotate`, { grace_seconds: 600 }).expect(200);
    await caller.request('post', `${KEYS}/${keys[2]?.jti}/rotate`, { grace_seconds: 600 }).expect(409);
  });

  it.each([[{ grace_seconds: 86_401 }], [{ grace_seconds: -1 }], [{ expires_in_seconds: 604_801 }]])(
    'is refused with %j',
    async (body) => {
      const { caller } = await somebody();
      const { jti } = await made(caller);
      await caller.request('post', `${KEYS}/${jti}/rotate`, body).expect(400);
    },
  );

  it('is refused to who could not make it: by scope, and by owner', async () => {
    const { caller, name } = await somebody();
    const { jti } = await made(caller, { scopes: ['platform:write'] });
    const weaker = await signedIn(name, { scope: 'platform:read auth:write' });
    await weaker.request('post', `${KEYS}/${jti}/rotate`).expect(403);
    for (const other of [admin, (await somebody()).caller]) {
      await other.request('post', `${KEYS}/${jti}/rotate`).expect(404);
    }
  });

  it('is refused for one that has ended', async () => {
    const { caller } = await somebody();
    const { jti } = await made(caller);
    await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    await caller.request('post', `${KEYS}/${jti}/rotate`).expect(409);
  });
});

describe('revoking one', () => {
  it('ends it at once, and may be asked for again', async () => {
    const { caller } = await somebody();
    const { key, jti } = await made(caller);
    await send(key, 'get', AUTHENTICATE).expect(200);
    const { body } = await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    expect(body).toMatchObject({ jti, state: 'revoked' });
    await refused(key);
    expect((await caller.request('delete', `${KEYS}/${jti}`).expect(200)).body).toEqual(body);
  });

  it('is for the owner and the PlatformAdmin; to others it is not there', async () => {
    const { caller, name } = await somebody();
    const { key, jti } = await made(caller);
    await (await somebody()).caller.request('delete', `${KEYS}/${jti}`).expect(404);
    await caller.request('delete', `${KEYS}/${crypto.randomUUID()}`).expect(404);
    await caller.request('delete', `${KEYS}/x`).expect(404);
    await send(key, 'get', AUTHENTICATE).expect(200);
    await admin.request('delete', `${KEYS}/${jti}`).expect(200);
    await refused(key);
    const { body } = await admin.request('get', '/apis/auth/v2/audit-events?filter[action]=access_key.revoked');
    expect(body.data[0]).toMatchObject({
      actor_email: 'admin@example.com',
      target: 'ci',
      workspace: null,
      details: { token_id: jti, owner: `${name}@example.com` },
    });
  });
});

describe('listing them', () => {
  it("shows one's own, and everybody's to the PlatformAdmin", async () => {
    const [one, other] = [await somebody(), await somebody()];
    const [{ jti }] = await Promise.all([made(one.caller), made(other.caller)]);
    const jtis = async (caller: ApiCaller, query = '') =>
      ((await caller.request('get', `${KEYS}${query}`).expect(200)).body.data as { jti: string }[]).map(
        (key) => key.jti,
      );
    expect(await jtis(one.caller)).toEqual([jti]);
    expect(await jtis(admin, `?all=true&filter[owner]=${one.name}@example.com`)).toEqual([jti]);
    await one.caller.request('get', `${KEYS}?all=true`).expect(403);
    await one.caller.request('get', `${KEYS}?all=perhaps`).expect(400);
  });

  it('finds the keys of an address however it is written, and of an id as it is', async () => {
    const { name, caller } = await somebody({ email: `Somebody.Else-${people + 1}@Example.com` });
    const { jti } = await made(caller);
    const found = async (owner: string) =>
      (await admin.request('get', `${KEYS}?all=true&filter[owner]=${owner}`).expect(200)).body.data as object[];
    for (const owner of [`somebody.else-${people}@example.com`, `SOMEBODY.ELSE-${people}@EXAMPLE.COM`, name]) {
      expect(await found(owner)).toEqual([expect.objectContaining({ jti })]);
    }
    expect(await found(name.toUpperCase())).toEqual([]);
  });

  it('keeps people of the same id at different providers apart', async () => {
    const { caller, name } = await somebody();
    await made(caller);
    const [row] = await database().select().from(accessKeys).where(eq(accessKeys.ownerId, name));
    await database()
      .update(accessKeys)
      .set({ ownerIssuer: 'https://other.example.com' })
      .where(eq(accessKeys.ownerId, name));
    expect((await caller.request('get', KEYS)).body.data).toEqual([]);
    await caller.request('delete', `${KEYS}/${row?.jti}`).expect(404);
  });
});

it('requests with a key are written down as those of its owner by it', async () => {
  const { caller, name, workspace } = await somebody();
  const { key } = await made(caller, { scopes: ['entities:write'] });
  await send(key, 'post', WORKSPACES, { name: workspace }).expect(201);
  const { body } = await admin.request('get', `/apis/auth/v2/audit-events?filter[workspace]=${workspace}`);
  const events = body.data as { actor: string; via: string }[];
  expect(events.map(({ actor, via }) => [actor, via])).toEqual([
    [name, 'access-key:ci'],
    [name, 'access-key:ci'],
  ]);
});

it('without the setting there are none', async () => {
  const { auth, ...config } = platformConfig(issuer.issuer);
  const without = await startPlatform({ ...config, auth });
  try {
    const caller = await ApiCaller.signedIn(without, issuer, { subject: 'alice' });
    await caller.request('get', KEYS).expect(404);
    await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(404);
    expect((await caller.request('get', '/apis/auth/jwks')).body.keys).toEqual([]);
  } finally {
    await without.close();
  }
});

async function signedIn(name: string, input: AccessTokenInput = {}): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com`, ...input });
}

/** Somebody new, who has no keys. */
async function somebody(input: AccessTokenInput = {}) {
  people += 1;
  const name = `person-${people}`;
  const token = await issuer.accessToken({ audience: 'nmp-platform', subject: name });
  return { name, workspace: `of-${name}`, token, caller: await signedIn(name, input) };
}

async function made(caller: ApiCaller, wanted: object = {}): Promise<{ key: string; jti: string }> {
  const { body } = await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'], ...wanted }).expect(201);
  return { key: body.access_key, jti: body.jti };
}

function send(token: string, method: Method, path: string, body?: object): supertest.Test {
  const request = supertest(app.getHttpServer())[method](path).set('Authorization', `Bearer ${token}`);
  return body === undefined ? request : request.send(body);
}

/** Refused by every way in, with the words of each. */
async function refused(key: string): Promise<void> {
  expect((await send(key, 'get', AUTHENTICATE).expect(401)).body.detail).toBe('Invalid bearer token');
  expect((await send(key, 'get', `/apis/auth/ext-authz${WORKSPACES}`).expect(401)).body.detail).toBe(
    'Invalid bearer token',
  );
  const { body } = await send(key, 'get', WORKSPACES).expect(401);
  expect(body).toMatchObject({ code: 'token_revoked', detail: expect.stringMatching(/^Invalid or expired token/) });
}

function database(): Database {
  return app.get<Database>(Database, { strict: false });
}

/** Sets the clock of one key back. */
async function expire(jti: string, agoMs = 1000): Promise<void> {
  const expiresAt = new Date(Date.now() - agoMs);
  await database().update(accessKeys).set({ expiresAt }).where(eq(accessKeys.jti, jti));
}

async function lastUse(jti: string): Promise<Date | null | undefined> {
  const [row] = await database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
  return row?.lastUsedAt;
}
