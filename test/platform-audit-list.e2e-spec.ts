import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '../src/storage/schema.js';
import { AuditedPlatform, EVENTS, ROLE_BINDINGS } from './support/audited-platform.js';
import { ApiCaller } from './support/platform.js';

let platform: AuditedPlatform;

beforeAll(async () => {
  platform = await AuditedPlatform.start();
});

afterAll(async () => platform?.close());

describe('the list of events', () => {
  it.each([
    ['nobody', 401, () => ApiCaller.anonymous(platform.app)],
    ['a stranger', 403, () => platform.stranger],
    ['the Admin of a workspace', 403, () => platform.alice],
    ['the PlatformAdmin without the scope', 403, () => platform.signedIn('admin', 'openid platform:write')],
    ['the PlatformAdmin', 200, () => platform.admin],
    ['a service', 200, () => platform.jobs],
  ])('is answered to %s with %i', async (_who, status, caller) => {
    await platform.alice.workspaces('post', '', { name: 'alices-own' });
    const { body } = await (await caller()).request('get', `${EVENTS}?filter[workspace]=alices-own`).expect(status);
    expect('data' in body).toBe(status === 200);
    await (await caller()).request('head', EVENTS).expect(status);
  });

  it('is not read by the Admin of the workspace system', async () => {
    const binding = { principal: 'alice@example.com', workspace: 'system', role: 'Admin' };
    const { body } = await platform.admin.request('post', ROLE_BINDINGS, binding).expect(200);
    await platform.alice.request('get', EVENTS).expect(403);
    await platform.admin.request('delete', `${ROLE_BINDINGS}/${body.name}`).expect(200);
  });

  it('can be filtered by everything that is asked for', async () => {
    await platform.alice.workspaces('post', '', { name: 'filtered' }).expect(201);
    await platform.alice.workspaces('post', '/filtered/members', { principal: 'dora@example.com' }).expect(201);
    const [added] = await platform.events('filter[target]=dora@example.com');
    const at = Date.parse(added!.at);
    const all = 'filter[workspace]=filtered&filter[action]=member.added&filter[target]=dora@example.com';
    const times = (since: number, until: number) =>
      `filter[since]=${new Date(since).toISOString()}&filter[until]=${new Date(until).toISOString()}`;
    expect(await platform.events(`${all}&filter[actor]=alice&filter[decision]=allowed&${times(at, at + 1)}`)).toEqual([
      added,
    ]);
    expect(await platform.events(`${all}&filter[actor]=alice@example.com`)).toEqual([added]);
    for (const other of ['filter[actor]=bob', 'filter[decision]=refused', times(at + 1, at + 2), times(at - 1, at)]) {
      expect(await platform.events(`${all}&${other}`)).toEqual([]);
    }
  });

  it.each(["' or '1'='1", "'; drop table audit_events; --", '%', '\\', '$1', '((', 'ａｌｉｃｅ'])(
    'takes %j for the text it is',
    async (text) => {
      for (const field of ['actor', 'workspace', 'target']) {
        expect(await platform.events(`filter[${field}]=${encodeURIComponent(text)}`)).toEqual([]);
      }
      const { body } = await platform.admin
        .request('get', `${EVENTS}?filter[action]=${encodeURIComponent(text)}`)
        .expect(400);
      expect(body).toMatchObject({
        code: 'invalid_input',
        detail: expect.stringContaining('filter[action] must be one'),
      });
    },
  );

  it.each([
    'filter[action]=member.add',
    'filter[decision]=yes',
    'filter[since]=yesterday',
    'filter[until]=2030-02-31',
    'filter[since]=2030-01-01T25:00:00Z',
    'filter[reason]=x',
    'sort=actor',
    'page=0',
    'page_size=1001',
    'filter[actor]=%00',
  ])('refuses %s', async (query) => {
    await platform.admin.request('get', `${EVENTS}?${query}`).expect(400);
  });

  it('has pages that neither repeat nor lose what happened at the same moment', async () => {
    const at = new Date('2030-01-01T00:00:00Z');
    const rows = Array.from({ length: 25 }, (_, index) => ({
      id: `01940000-0000-7000-8000-0000000000${10 + ((index * 7) % 25)}`,
      at,
      action: 'project.created',
      decision: 'allowed' as const,
      workspace: 'paged',
      target: String(index),
    }));
    await platform.database.insert(auditEvents).values(rows);
    const pages = [1, 2, 3].map((page) => platform.events(`filter[workspace]=paged&page_size=10&page=${page}`));
    const ids = (await Promise.all(pages)).flat().map(({ id }) => id);
    expect(ids).toEqual(
      rows
        .map(({ id }) => id)
        .sort()
        .toReversed(),
    );
    const { body } = await platform.admin
      .request('get', `${EVENTS}?filter[workspace]=paged&sort=at&page_size=10`)
      .expect(200);
    expect(body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: ids.at(-1) })]),
      pagination: { page: 1, page_size: 10, current_page_size: 10, total_pages: 3, total_results: 25 },
      sort: 'at',
      filter: { workspace: 'paged' },
    });
  });
});
