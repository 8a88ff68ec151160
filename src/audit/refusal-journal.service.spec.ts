import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { errorBody } from '../http/error-body.js';
import type { Callers } from '../policy/callers.service.js';
import type { Database } from '../storage/database.js';
import type { NewAuditEvent } from './audit-event.js';
import type { AuditEventsRepository } from './audit-events.repository.js';
import { EventStamps } from './event-stamps.js';
import { RefusalJournal } from './refusal-journal.service.js';
import { RefusalQueue } from './refusal-queue.js';

beforeAll(() => Logger.overrideLogger(false));

describe('RefusalJournal', () => {
  it('goes on when the database is away, and writes once it is back', async () => {
    const { journal, table, outage } = given();
    outage.isOn = true;
    for (let at = 0; at < 20; at += 1) journal.refused(request, errorBody(401, '', 'missing_token'), new Error());
    await journal.flush();
    await journal.flush();
    expect(table.size).toBe(0);
    outage.isOn = false;
    await journal.flush();
    expect([...table.values()]).toMatchObject([{ reason: 'missing_token', count: 20 }]);
    await journal.onApplicationShutdown();
  });

  it('writes at the end what is left', async () => {
    const { journal, queue, table } = given();
    for (let at = 0; at < 1200; at += 1) {
      queue.add({ source: `user-${at}`, isKnown: true, event: { ...refused, actor: `user-${at}` } });
    }
    await journal.onApplicationShutdown();
    expect(table.size).toBe(1200);
  });

  it('ends also when the database does not come back', async () => {
    const { journal, outage } = given();
    outage.isOn = true;
    journal.refused(request, errorBody(403, ''), new Error());
    await expect(journal.onApplicationShutdown()).resolves.toBeUndefined();
  });

  it('takes one error for one refusal, by whatever way it comes', async () => {
    const { journal, table } = given();
    const error = new Error();
    journal.refused(request, errorBody(401, '', 'missing_token'), error);
    journal.refused(request, errorBody(401, '', 'missing_token'), error);
    await journal.flush();
    expect([...table.values()]).toMatchObject([{ count: 1 }]);
  });

  it.each([400, 404, 409, 413, 415])('leaves alone what is answered with %i', async (status) => {
    const { journal, table } = given();
    journal.refused(request, errorBody(status, ''), new Error());
    await journal.flush();
    expect(table.size).toBe(0);
  });
});

const refused = { action: 'request.refused', decision: 'refused' as const, reason: 'access_denied' };
const request = {
  id: 'request-1',
  ip: '192.0.2.1',
  method: 'GET',
  url: '/x',
  params: {},
  routeOptions: { url: '/x' },
} as FastifyRequest;

function given() {
  const table = new Map<string, NewAuditEvent>();
  const outage = { isOn: false };
  const events = {
    insert: async (_: unknown, rows: readonly NewAuditEvent[]) => {
      if (outage.isOn) throw new Error('connection refused');
      for (const row of rows) table.set(row.id, row);
    },
  } as Partial<AuditEventsRepository> as AuditEventsRepository;
  const queue = new RefusalQueue(new EventStamps({ now: () => new Date('2030-01-01T00:00:00Z') }));
  const journal = new RefusalJournal({} as Database, events, {} as Callers, queue);
  return { journal, queue, table, outage };
}
