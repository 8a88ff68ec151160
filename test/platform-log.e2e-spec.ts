import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { Database } from '../src/storage/database.js';
import { PlatformConsoleLogger } from '../src/platform-console.logger.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const level = '/apis/platform/v2/log-level';
const whoami = '/apis/auth/v2/whoami';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let admin: ApiCaller;
let alice: ApiCaller;
let written = '';
let spy: jest.SpiedFunction<typeof process.stdout.write>;

beforeAll(async () => {
  issuer = await startIssuer();
  spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  app = await startPlatform(platformConfig(issuer.issuer), {}, new PlatformConsoleLogger());
  admin = await ApiCaller.signedIn(app, issuer, { subject: 'admin', email: 'admin@example.com' });
  alice = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com' });
});

beforeEach(() => {
  written = '';
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
  spy?.mockRestore();
});

describe('the log for programs', () => {
  it('has a request with its id, who made it, and what became of it', async () => {
    const { headers } = await alice.request('get', `${whoami}?secret=hidden`).expect(200);
    expect(lines('Http')).toEqual([
      expect.objectContaining({
        level: 'info',
        request_id: headers['x-request-id'],
        method: 'GET',
        path: whoami,
        status: 200,
        duration_ms: expect.any(Number),
        address: '127.0.0.1',
        principal: 'alice',
      }),
    ]);
    expect(lines('Http')[0]).not.toHaveProperty('code');
    expect(written).not.toContain('hidden');
  });

  it('has why a request was refused', async () => {
    const stranger = await ApiCaller.signedIn(app, issuer, { audience: 'another-api' });
    await stranger.request('get', whoami).expect(401);
    await alice.request('put', level, { level: 'debug' }).expect(403);
    const [first, second] = lines('Http');
    expect(first).toMatchObject({ status: 401, code: 'token_audience' });
    expect(first).not.toHaveProperty('principal');
    expect(second).toMatchObject({ status: 403, code: 'access_denied', principal: 'alice' });
  });

  it('has the id of a request beside its failure', async () => {
    const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const select = jest.spyOn(app.get<Database>(Database), 'select').mockImplementation(() => {
      throw new Error('unforeseen');
    });
    await alice.workspaces('get').set('X-Request-Id', 'trace-1').expect(500);
    select.mockRestore();
    const [failure] = errors.mock.calls.map(([chunk]) => String(chunk));
    errors.mockRestore();
    expect(JSON.parse(failure ?? '')).toMatchObject({ level: 'error', context: 'Errors', request_id: 'trace-1' });
  });
});

describe('the level of the log', () => {
  it('is changed by the PlatformAdmin while the service runs, and that is written down', async () => {
    await alice.workspaces('get').expect(200);
    expect(lines('Access')).toEqual([]);
    expect((await admin.request('get', level).expect(200)).body).toEqual({ level: 'info' });

    expect((await admin.request('put', level, { level: 'debug' }).expect(200)).body).toEqual({ level: 'debug' });
    await alice.workspaces('get').expect(200);
    expect(lines('Access').map(({ message }) => message)).toEqual([expect.stringMatching(/^Allowed alice: GET /)]);

    await admin.request('put', level, { level: 'error' }).expect(200);
    written = '';
    await alice.workspaces('get').expect(200);
    expect(written).toBe('');
    await admin.request('put', level, { level: 'info' }).expect(200);

    const { body } = await admin.request('get', '/apis/auth/v2/audit-events?filter[action]=log_level.changed');
    expect(body.data.map(({ details }: { details: object }) => details)).toEqual([
      { level_before: 'error', level_after: 'info' },
      { level_before: 'debug', level_after: 'error' },
      { level_before: 'info', level_after: 'debug' },
    ]);
    expect(body.data[0]).toMatchObject({ actor: 'admin', decision: 'allowed' });
  });

  it('stays as it is when the change cannot be written down', async () => {
    const transaction = jest.spyOn(app.get<Database>(Database), 'transaction');
    transaction.mockRejectedValueOnce(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    await admin.request('put', level, { level: 'error' }).expect(503);
    transaction.mockRestore();
    expect((await admin.request('get', level).expect(200)).body).toEqual({ level: 'info' });
  });

  it.each([{ level: 'loud' }, {}, { level: 'debug', extra: 1 }])('is none of %j', async (body) => {
    await admin.request('put', level, body).expect(400);
  });
});

interface Line {
  readonly context?: string;
  readonly message: string;
}

function lines(context: string): Line[] {
  const all = written.split('\n').filter((line) => line.startsWith('{'));
  return all.map((line) => JSON.parse(line) as Line).filter((line) => line.context === context);
}
