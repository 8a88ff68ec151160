import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { accessKeys } from '../src/storage/schema.js';
import { AccessKeyStage, AUTHENTICATE, KEYS, WORKSPACES } from './support/access-key-stage.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

let stage: AccessKeyStage;
let admin: ApiCaller;

beforeAll(async () => {
  stage = await AccessKeyStage.start();
  admin = await stage.signedIn('admin');
});

afterAll(async () => {
  await stage?.close();
});

describe('rotating one', () => {
  it('gives a new key of the same name and scopes, and ends the old one at once', async () => {
    const { caller } = await stage.somebody();
    const old = await stage.made(caller, { scopes: ['models:read', 'entities:read'], expires_in_seconds: 3_600 });
    await stage.send(old.key, 'get', AUTHENTICATE).expect(200);
    const answer = await caller.request('post', `${KEYS}/${old.jti}/rotate`).expect(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { access_key: key, ...rest } = answer.body;
    expect(rest).toMatchObject({ name: 'ci', scopes: ['models:read', 'entities:read'], state: 'active' });
    expect(Date.parse(rest.expires_at) - Date.parse(rest.created_at)).toBe(3_600_000);
    await stage.send(key, 'get', AUTHENTICATE).expect(200);
    await stage.refused(old.key);
    const { body } = await caller.request('get', `${KEYS}?sort=created_at`);
    const ofOld = (body.data as { jti: string }[]).find(({ jti }) => jti === old.jti);
    expect(ofOld).toMatchObject({ state: 'rotated', replaced_by: rest.jti });
  });

  it('leaves the old one a time of grace, if that is wished, and no longer', async () => {
    const { caller } = await stage.somebody();
    const old = await stage.made(caller);
    const body = { grace_seconds: 600, expires_in_seconds: 60 };
    const { body: rotated } = await caller.request('post', `${KEYS}/${old.jti}/rotate`, body).expect(200);
    expect(Date.parse(rotated.expires_at) - Date.parse(rotated.created_at)).toBe(60_000);
    await stage.send(old.key, 'get', AUTHENTICATE).expect(200);
    await caller.request('post', `${KEYS}/${old.jti}/rotate`, {}).expect(409);
    await caller.request('delete', `${KEYS}/${old.jti}`).expect(200);
    await stage.refused(old.key);
    await stage.send(rotated.access_key, 'get', AUTHENTICATE).expect(200);
  });

  it('makes no more keys than one may have: who has as many has no time of grace', async () => {
    const { caller } = await stage.somebody();
    const keys: { key: string; jti: string }[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) keys.push(await stage.made(caller, { name }));
    const rotate = (body: object) => caller.request('post', `${KEYS}/${keys[0]?.jti}/rotate`, body);
    const { body } = await rotate({ grace_seconds: 600 }).expect(409);
    expect(body.detail).toBe('You have 5 access keys, and may not have more: revoke one');
    await stage.send(keys[0]?.key ?? '', 'get', AUTHENTICATE).expect(200);
    const { body: rotated } = await rotate({}).expect(200);
    await caller.request('delete', `${KEYS}/${keys[1]?.jti}`).expect(200);
    await caller.request('post', `${KEYS}/${rotated.jti}/rotate`, { grace_seconds: 600 }).expect(200);
    await caller.request('post', `${KEYS}/${keys[2]?.jti}/rotate`, { grace_seconds: 600 }).expect(409);
  });

  it.each([[{ grace_seconds: 86_401 }], [{ grace_seconds: -1 }], [{ expires_in_seconds: 604_801 }]])(
    'is refused with %j',
    async (body) => {
      const { caller } = await stage.somebody();
      const { jti } = await stage.made(caller);
      await caller.request('post', `${KEYS}/${jti}/rotate`, body).expect(400);
    },
  );

  it('is refused to who could not make it: by scope, and by owner', async () => {
    const { caller, name } = await stage.somebody();
    const { jti } = await stage.made(caller, { scopes: ['platform:write'] });
    const weaker = await stage.signedIn(name, { scope: 'platform:read auth:write' });
    await weaker.request('post', `${KEYS}/${jti}/rotate`).expect(403);
    for (const other of [admin, (await stage.somebody()).caller]) {
      await other.request('post', `${KEYS}/${jti}/rotate`).expect(404);
    }
  });

  it('is refused for one that has ended', async () => {
    const { caller } = await stage.somebody();
    const { jti } = await stage.made(caller);
    await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    await caller.request('post', `${KEYS}/${jti}/rotate`).expect(409);
  });
});

describe('revoking one', () => {
  it('ends it at once, and may be asked for again', async () => {
    const { caller } = await stage.somebody();
    const { key, jti } = await stage.made(caller);
    await stage.send(key, 'get', AUTHENTICATE).expect(200);
    const { body } = await caller.request('delete', `${KEYS}/${jti}`).expect(200);
    expect(body).toMatchObject({ jti, state: 'revoked' });
    await stage.refused(key);
    expect((await caller.request('delete', `${KEYS}/${jti}`).expect(200)).body).toEqual(body);
  });

  it('is for the owner and the PlatformAdmin; to others it is not there', async () => {
    const { caller, name } = await stage.somebody();
    const { key, jti } = await stage.made(caller);
    await (await stage.somebody()).caller.request('delete', `${KEYS}/${jti}`).expect(404);
    await caller.request('delete', `${KEYS}/${crypto.randomUUID()}`).expect(404);
    await caller.request('delete', `${KEYS}/x`).expect(404);
    await stage.send(key, 'get', AUTHENTICATE).expect(200);
    await admin.request('delete', `${KEYS}/${jti}`).expect(200);
    await stage.refused(key);
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
    const [one, other] = [await stage.somebody(), await stage.somebody()];
    const [{ jti }] = await Promise.all([stage.made(one.caller), stage.made(other.caller)]);
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
    const { name, caller } = await stage.somebody({ email: 'Somebody.Else-7@Example.com' });
    const { jti } = await stage.made(caller);
    const found = async (owner: string) =>
      (await admin.request('get', `${KEYS}?all=true&filter[owner]=${owner}`).expect(200)).body.data as object[];
    for (const owner of ['somebody.else-7@example.com', 'SOMEBODY.ELSE-7@EXAMPLE.COM', name]) {
      expect(await found(owner)).toEqual([expect.objectContaining({ jti })]);
    }
    expect(await found(name.toUpperCase())).toEqual([]);
  });

  it('keeps people of the same id at different providers apart', async () => {
    const { caller, name } = await stage.somebody();
    await stage.made(caller);
    const [row] = await stage.database().select().from(accessKeys).where(eq(accessKeys.ownerId, name));
    await stage
      .database()
      .update(accessKeys)
      .set({ ownerIssuer: 'https://other.example.com' })
      .where(eq(accessKeys.ownerId, name));
    expect((await caller.request('get', KEYS)).body.data).toEqual([]);
    await caller.request('delete', `${KEYS}/${row?.jti}`).expect(404);
  });
});

it('requests with a key are written down as those of its owner by it', async () => {
  const { caller, name, workspace } = await stage.somebody();
  const { key } = await stage.made(caller, { scopes: ['entities:write'] });
  await stage.send(key, 'post', WORKSPACES, { name: workspace }).expect(201);
  const { body } = await admin.request('get', `/apis/auth/v2/audit-events?filter[workspace]=${workspace}`);
  const events = body.data as { actor: string; via: string }[];
  expect(events.map(({ actor, via }) => [actor, via])).toEqual([
    [name, 'access-key:ci'],
    [name, 'access-key:ci'],
  ]);
});

it('without the setting there are none', async () => {
  const { auth, ...config } = platformConfig(stage.issuer.issuer);
  const without = await startPlatform({ ...config, auth });
  try {
    const caller = await ApiCaller.signedIn(without, stage.issuer, { subject: 'alice' });
    await caller.request('get', KEYS).expect(404);
    await caller.request('post', KEYS, { name: 'ci', scopes: ['platform:read'] }).expect(404);
    expect((await caller.request('get', '/apis/auth/jwks')).body.keys).toEqual([]);
  } finally {
    await without.close();
  }
});
