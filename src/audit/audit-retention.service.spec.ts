import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { openStorage } from '../storage/open-storage.js';
import { auditEvents } from '../storage/schema.js';
import type { Storage } from '../storage/storage.js';
import { AuditEventsRepository } from './audit-events.repository.js';
import { AuditRetention } from './audit-retention.service.js';
import { EventStamps } from './event-stamps.js';

let storage: Storage;
const clock = setClock('2030-01-01T00:00:00Z');

beforeAll(async () => {
  Logger.overrideLogger(false);
  storage = await openStorage({ dataDir: 'memory://' });
});

afterAll(async () => storage?.close());

beforeEach(async () => {
  await storage.database.delete(auditEvents);
});

describe('AuditRetention', () => {
  it('forgets what is older than it is told, in small steps, and nothing else', async () => {
    const stamps = new EventStamps(clock);
    const event = (target: string) => ({ ...stamps.next(), action: 'x', decision: 'allowed' as const, target });
    const old = Array.from({ length: 25 }, () => event('old'));
    clock.advance(0.001);
    const edge = event('edge');
    clock.advance(86_400);
    const recent = event('recent');
    await storage.database.insert(auditEvents).values([...old, edge, recent]);

    const retention = retentionOf(30);
    expect(await retention.forget(10)).toBe(0);
    clock.advance(29 * 86_400);
    expect(await retention.forget(10)).toBe(25);
    expect(await targets()).toEqual(['edge', 'recent']);
    clock.advance(0.001);
    expect(await retention.forget(10)).toBe(1);
    clock.advance(86_400);
    expect(await retention.forget(10)).toBe(1);
    expect(await targets()).toEqual([]);
  });

  it('does so from the start, and stops with the application', async () => {
    await storage.database
      .insert(auditEvents)
      .values({ ...new EventStamps(clock).next(), action: 'x', decision: 'allowed', target: 'old' });
    clock.advance(2 * 86_400);
    const retention = retentionOf(1);
    retention.onApplicationBootstrap();
    await retention.onModuleDestroy();
    expect(await targets()).toEqual([]);
  });
});

function retentionOf(retentionDays: number): AuditRetention {
  return new AuditRetention(storage.database, new AuditEventsRepository(), clock, { audit: { retentionDays } });
}

async function targets(): Promise<(string | null)[]> {
  const rows = await storage.database.select().from(auditEvents).orderBy(auditEvents.at);
  return rows.map(({ target }) => target);
}

function setClock(time = '2030-01-01T00:00:00Z') {
  let ms = Date.parse(time);
  return {
    now: () => new Date(ms),
    advance: (seconds: number) => {
      ms += seconds * 1000;
    },
  };
}
