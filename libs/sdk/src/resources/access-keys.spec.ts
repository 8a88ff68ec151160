import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StubIdp } from '../../test/support/stub-idp.js';
import { StubPlatform } from '../../test/support/stub-platform.js';
import { ConflictError, ForbiddenError, NotFoundError, UnexpectedAnswerError } from '../errors.js';
import { NeMoPlatform } from '../nemo-platform.js';
import type { AccessKeys } from './access-keys.js';

const path = '/apis/auth/v2/access-keys';
const key = { jti: 'a-1', name: 'ci', scopes: ['platform:read'], state: 'active' };
const made = { ...key, access_key: 'a.new.key' };
const page = (...data: object[]) => ({
  json: {
    data,
    pagination: { page: 1, page_size: 100, current_page_size: data.length, total_pages: 1, total_results: data.length },
  },
});

describe('access keys', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let accessKeys: AccessKeys;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    ({ accessKeys } = new NeMoPlatform({ baseUrl: platform.url, accessToken: 'a-token', env: {} }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
  });

  const asked = () =>
    platform.http.requests.map(({ method, path: where, query, body }) =>
      [method, query.size > 0 ? `${where}?${query.toString()}` : where, body].join(' ').trimEnd(),
    );

  it("are listed: one's own, or those that an administrator asks for", async () => {
    platform.on(`GET ${path}`, page(key));
    await expect(accessKeys.list().toArray()).resolves.toEqual([key]);
    await accessKeys.list({ all: true, owner: 'alice@example.com', sort: 'expires_at' }).toArray();
    expect(asked()).toEqual([
      `GET ${path}?page=1`,
      `GET ${path}?page=1&sort=expires_at&all=true&filter%5Bowner%5D=alice%40example.com`,
    ]);
  });

  it('are made, rotated and revoked', async () => {
    platform.on(`POST ${path}`, { status: 201, json: made });
    platform.on(`POST ${path}/a-1/rotate`, { json: { ...made, jti: 'a-2' } });
    platform.on(`DELETE ${path}/a-2`, { json: { ...key, jti: 'a-2', state: 'revoked' } });
    await expect(accessKeys.create({ name: 'ci', scopes: ['platform:read'] })).resolves.toEqual(made);
    await accessKeys.create({ name: 'ci', scopes: ['platform:read'], expiresInSeconds: 60 });
    await expect(accessKeys.rotate('a-1')).resolves.toMatchObject({ jti: 'a-2', access_key: 'a.new.key' });
    await accessKeys.rotate('a-1', { graceSeconds: 60 });
    await expect(accessKeys.revoke('a-2')).resolves.toMatchObject({ state: 'revoked' });
    expect(asked()).toEqual([
      `POST ${path} {"name":"ci","scopes":["platform:read"]}`,
      `POST ${path} {"name":"ci","scopes":["platform:read"],"expires_in_seconds":60}`,
      `POST ${path}/a-1/rotate {}`,
      `POST ${path}/a-1/rotate {"grace_seconds":60}`,
      `DELETE ${path}/a-2`,
    ]);
  });

  it('are found by name as long as they can be used', async () => {
    const old = { ...key, jti: 'a-0', replaced_by: 'a-1' };
    platform.on(`GET ${path}`, page({ ...key, jti: 'a-9', state: 'revoked' }, old, key));
    await expect(accessKeys.find('ci')).resolves.toEqual(key);
    platform.on(`GET ${path}`, page(old));
    await expect(accessKeys.find('ci')).resolves.toBeUndefined();
  });

  it.each<[number, string, typeof ConflictError, RegExp]>([
    [404, 'Access key not found', NotFoundError, /To see your access keys, run: nemo auth access-keys list$/],
    [404, 'Access keys are switched off on this platform', NotFoundError, /administrator to switch them on/],
    [409, 'It has ended', ConflictError, /run: nemo auth access-keys list$/],
    [403, 'Forbidden', ForbiddenError, /A key is made with a sign-in that has its scopes: run: nemo auth login/],
  ])('say what to do after status %i: %s', async (status, detail, kind, advice) => {
    platform.on(`POST ${path}/a-1/rotate`, { status, json: { detail } });
    const rotation = accessKeys.rotate('a-1');
    await expect(rotation).rejects.toThrow(kind);
    await expect(rotation).rejects.toThrow(advice);
  });

  it.each(['', '.', '..'])('never have the id %j, which would be another path', async (id) => {
    await expect(accessKeys.revoke(id)).rejects.toMatchObject({ code: 'invalid_name' });
    await expect(accessKeys.rotate(id)).rejects.toMatchObject({ code: 'invalid_name' });
    expect(asked()).toEqual([]);
  });

  it('are not made of an answer that has none', async () => {
    platform.on(`POST ${path}`, { status: 201, json: key });
    const creation = accessKeys.create({ name: 'ci', scopes: ['platform:read'] });
    await expect(creation).rejects.toThrow(UnexpectedAnswerError);
    await expect(creation).rejects.toThrow('"access_key" is missing');
  });
});
