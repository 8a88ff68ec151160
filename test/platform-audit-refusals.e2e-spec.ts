import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEventResponse } from '../src/audit/audit-event.responses.js';
import { RefusalJournal } from '../src/audit/refusal-journal.service.js';
import { auditEvents } from '../src/storage/schema.js';
import { AuditedPlatform, EVENTS } from './support/audited-platform.js';
import { ApiCaller } from './support/platform.js';

let platform: AuditedPlatform;

beforeAll(async () => {
  platform = await AuditedPlatform.start();
});

afterAll(async () => platform?.close());

describe('refusals', () => {
  it('are written down with who wanted what, and why not', async () => {
    await platform.alice.workspaces('post', '', { name: 'closed' }).expect(201);
    const { headers } = await platform.stranger.workspaces('delete', '/closed?token=secret').expect(403);
    const readOnly = await platform.signedIn('alice', 'openid platform:read');
    await readOnly.workspaces('delete', '/closed').expect(403);
    await platform.alice.workspaces('delete', '/closed/members/alice@example.com').expect(409);

    const where = { workspace: 'closed', action: 'request.refused', decision: 'refused', count: 1 };
    expect(
      await platform.eventually('filter[workspace]=closed&filter[decision]=refused&sort=at', atLeast(3)),
    ).toMatchObject([
      {
        ...where,
        actor: 'stranger',
        actor_email: 'stranger@example.com',
        reason: 'access_denied',
        target: '/apis/entities/v2/workspaces/closed',
        request_id: headers['x-request-id'],
        details: { method: 'DELETE', route: '/apis/entities/v2/workspaces/:name', address: '127.0.0.1' },
      },
      { ...where, actor: 'alice', reason: 'insufficient_scope' },
      {
        ...where,
        actor: 'alice',
        reason: 'last_admin',
        target: '/apis/entities/v2/workspaces/closed/members/alice@example.com',
      },
    ]);
  });

  it('of those who do not exist for us are counted, not listed', async () => {
    const nobody = ApiCaller.anonymous(platform.app);
    for (let at = 0; at < 5; at += 1) await nobody.workspaces('get', `/secret-${at}`).expect(401);
    const expired = await ApiCaller.signedIn(platform.app, platform.issuer, {
      subject: 'late',
      expiresInSeconds: -600,
    });
    await expired.request('get', '/apis/auth/v2/whoami').expect(401);
    await expired.request('get', '/apis/auth/authenticate').expect(401);

    const found = await platform.eventually('filter[action]=request.refused&sort=at', (all) => {
      const missing = all.filter(({ reason }) => reason === 'missing_token');
      const late = all.filter(({ reason }) => reason === 'token_expired');
      return sum(missing) >= 5 && sum(late) >= 2 ? [...missing, ...late] : undefined;
    });
    // Two rows, or one more for each when a minute ended in between.
    expect(found.length).toBeLessThanOrEqual(4);
    expect(found[0]).toMatchObject({
      actor: null,
      actor_kind: 'anonymous',
      target: '/apis/entities/v2/workspaces/:name',
    });
    expect(found.at(-1)).toMatchObject({ reason: 'token_expired', details: { address: '127.0.0.1' } });
  });

  it('wait while the database is away, and nobody waits with them', async () => {
    await platform.alice.workspaces('post', '', { name: 'away' }).expect(201);
    await platform.withoutTable(async () => {
      await platform.stranger.workspaces('get', '/away').expect(403);
      await platform.stranger.workspaces('delete', '/away').expect(403);
      await platform.app.get(RefusalJournal).flush();
    });
    expect(await platform.eventually('filter[workspace]=away&filter[actor]=stranger', atLeast(2))).toHaveLength(2);
  });
});

it('writes down no token, wherever somebody puts one', async () => {
  const token = await platform.issuer.accessToken({
    audience: 'nmp-platform',
    subject: 'mallory',
    email: 'mallory@example.com',
  });
  const wrong = await platform.issuer.accessToken({ audience: 'somebody-else', subject: 'mallory' });
  const nobody = ApiCaller.anonymous(platform.app);
  const bearer = `Bearer ${token}`;
  await nobody.workspaces('get', `/${token}?access_token=${token}`).set('Authorization', bearer).expect(403);
  await nobody.workspaces('delete', `/default/members/Bearer%20${token}`).set('Authorization', bearer).expect(403);
  await nobody.workspaces('get', `/${token}`).expect(401);
  for (const authorization of [`Bearer ${wrong}`, `Bearer ${token.slice(0, -4)}AAAA`, `Basic ${token}`]) {
    const request = nobody.request('get', EVENTS).set('Authorization', authorization);
    await request.set('X-Request-Id', 'traced-1').set('Cookie', `session=${token}`);
  }
  await platform.eventually('filter[actor]=mallory', atLeast(2));
  await platform.eventually('filter[action]=request.refused', (all) =>
    all.find(({ reason }) => reason === 'token_audience'),
  );

  const stored = JSON.stringify(await platform.database.select().from(auditEvents));
  expect(stored).toContain('mallory@example.com');
  for (const part of [token, wrong].flatMap((text) => text.split('.'))) expect(stored).not.toContain(part);
  expect(stored).not.toContain('session=');
});

function sum(found: readonly AuditEventResponse[]): number {
  return found.reduce((total, { count }) => total + count, 0);
}

function atLeast(number: number) {
  return (found: AuditEventResponse[]) => (found.length >= number ? found : undefined);
}
