import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, gte, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import type { ListQuery } from '../http/list-query.js';
import type { Connection } from '../storage/database.js';
import { type AuditEventRow, auditEvents } from '../storage/schema.js';
import type { NewAuditEvent } from './audit-event.js';

const conditions = {
  actor: (value) => or(eq(auditEvents.actor, value), eq(auditEvents.actorEmail, value)),
  action: (value) => eq(auditEvents.action, value),
  workspace: (value) => eq(auditEvents.workspace, value),
  decision: (value) => sql`${auditEvents.decision} = ${value}`,
  target: (value) => eq(auditEvents.target, value),
  since: (value) => gte(auditEvents.at, new Date(value)),
  until: (value) => lt(auditEvents.at, new Date(value)),
} as const satisfies Record<string, (value: string) => SQL | undefined>;

/** The fields a list of events can be filtered by. */
export const auditFilterFields = Object.keys(conditions) as (keyof typeof conditions)[];

/** Reads, writes and forgets audit events. */
@Injectable()
export class AuditEventsRepository {
  /** Writes events. One that is there already gets the count it has now, so that writing again does no harm. */
  async insert(connection: Connection, events: readonly NewAuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await connection
      .insert(auditEvents)
      .values([...events])
      .onConflictDoUpdate({ target: auditEvents.id, set: { count: sql`excluded.count` } });
  }

  async findPage(connection: Connection, query: ListQuery): Promise<{ rows: AuditEventRow[]; total: number }> {
    const condition = and(...conditionsOf(query.filter));
    // The id decides between equals, so that pages neither repeat nor lose an entry.
    const direction = query.sort.startsWith('-') ? desc : asc;
    const rows = await connection
      .select()
      .from(auditEvents)
      .where(condition)
      .orderBy(direction(auditEvents.at), direction(auditEvents.id))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const [counted] = await connection.select({ total: count() }).from(auditEvents).where(condition);
    return { rows, total: counted?.total ?? 0 };
  }

  /**
   * Forgets some of the events before a time, the oldest first. What another instance is about to forget is left to it.
   * @returns how many
   */
  async deleteBefore(connection: Connection, time: Date, max: number): Promise<number> {
    const oldest = connection
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(lt(auditEvents.at, time))
      .orderBy(asc(auditEvents.at))
      .limit(max)
      .for('update', { skipLocked: true });
    const deleted = await connection
      .delete(auditEvents)
      .where(inArray(auditEvents.id, oldest))
      .returning({ id: auditEvents.id });
    return deleted.length;
  }
}

function conditionsOf(filter: ListQuery['filter']): (SQL | undefined)[] {
  return auditFilterFields.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [conditions[field](value)];
  });
}
