import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { TestIssuer } from '@nmp/auth/testing';
import type { LogLevel } from '../src/config/log-level.js';
import { openStorage } from '../src/storage/open-storage.js';
import { auditEvents } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';
import { PreparedData } from './support/prepared-data.js';

let issuer: TestIssuer;
let dataDir: string;

beforeAll(async () => {
  issuer = await startIssuer();
  dataDir = mkdtempSync(join(tmpdir(), 'nmp-audit-'));
});

afterAll(async () => {
  await issuer?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the log', () => {
  it('has a line for every request that was allowed, when it is to find faults', async () => {
    const lines = await debugLinesAt('debug');
    const route = '/apis/entities/v2/workspaces';
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^Allowed alice: POST ${route}, request [\\w-]{36}$`)),
      expect.stringMatching(new RegExp(`^Allowed alice: GET ${route}/:name in seen, request [\\w-]{36}$`)),
    ]);
  });

  it('says nothing of them otherwise', async () => {
    expect(await debugLinesAt('info')).toEqual([]);
  });
});

it('has the refusals of the last requests when the platform has stopped', async () => {
  await PreparedData.make(dataDir);
  const app = await startPlatform(platformConfig(issuer.issuer, { dataDir }));
  const bob = await ApiCaller.signedIn(app, issuer, { subject: 'bob' });
  await bob.workspaces('delete', '/default').expect(403);
  await app.close();
  const storage = await openStorage({ dataDir });
  try {
    const rows = await storage.database.select().from(auditEvents);
    expect(rows).toContainEqual(expect.objectContaining({ action: 'request.refused', actor: 'bob' }));
  } finally {
    await storage.close();
  }
});

/** What the log says at `debug` of two requests that are allowed, one that is not and one that is public. */
async function debugLinesAt(level: LogLevel): Promise<string[]> {
  const lines: string[] = [];
  const nothing = (): void => undefined;
  const debug = (line: unknown): void => void lines.push(String(line));
  const logger: LoggerService = { log: nothing, warn: nothing, error: nothing, debug };
  const app = await startPlatform(platformConfig(issuer.issuer, { log: { level } }), {}, logger);
  try {
    const alice = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com' });
    await alice.workspaces('post', '', { name: 'seen' }).expect(201);
    await alice.workspaces('get', '/seen').expect(200);
    await alice.workspaces('get', '/unseen').expect(403);
    await ApiCaller.anonymous(app).request('get', '/health').expect(200);
    return lines;
  } finally {
    await app.close();
  }
}
