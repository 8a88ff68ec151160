import { Injectable } from '@nestjs/common';
import { and, count, eq, gt, gte, inArray, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Connection } from '../storage/database.js';
import { type AccessKeyRow, accessKeys } from '../storage/schema.js';
import type { ActiveAccessKey } from './active-access-keys.js';
import type { AccessKeyOwner } from './access-key-owner.js';

/** How a key ends before its expiry. */
export interface AccessKeyEnd {
  readonly endsAt: Date;
  readonly endedBy: string;
  /** The key that takes its place. */
  readonly replacedBy?: string;
}

/** Reads and writes what is known of access keys. */
@Injectable()
export class AccessKeysRepository {
  /** Lets nobody else change the keys of an owner before the transaction ends. */
  async lockOwner(connection: Connection, { issuer, kind, id }: AccessKeyOwner): Promise<void> {
    const key = JSON.stringify(['access_keys', issuer, kind, id]);
    await connection.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
  }

  /** @returns `undefined` when the owner has a key of that name. */
  async insert(connection: Connection, row: typeof accessKeys.$inferInsert): Promise<AccessKeyRow | undefined> {
    const [inserted] = await connection.insert(accessKeys).values(row).onConflictDoNothing().returning();
    return inserted;
  }

  /** The names of keys that have expired are free. */
  async freeExpiredNames(connection: Connection, owner: AccessKeyOwner, now: Date): Promise<void> {
    await connection
      .update(accessKeys)
      .set({ endsAt: accessKeys.expiresAt })
      .where(and(ownedBy(owner), isNull(accessKeys.endsAt), lte(accessKeys.expiresAt, now)));
  }

  /** How many keys of the owner can be used. */
  async countUsable(connection: Connection, owner: AccessKeyOwner, now: Date): Promise<number> {
    const [found] = await connection
      .select({ keys: count() })
      .from(accessKeys)
      .where(and(ownedBy(owner), usableAt(now)));
    return found?.keys ?? 0;
  }

  /** How many keys the owner has made since then, those that have ended included. */
  async countMadeSince(connection: Connection, owner: AccessKeyOwner, since: Date): Promise<number> {
    const [found] = await connection
      .select({ keys: count() })
      .from(accessKeys)
      .where(and(ownedBy(owner), gte(accessKeys.createdAt, since)));
    return found?.keys ?? 0;
  }

  async find(connection: Connection, jti: string): Promise<AccessKeyRow | undefined> {
    const [row] = await connection.select().from(accessKeys).where(eq(accessKeys.jti, jti));
    return row;
  }

  /** Ends a key, or sooner than it would. @returns it as it is then */
  async end(connection: Connection, jti: string, end: AccessKeyEnd): Promise<AccessKeyRow | undefined> {
    const [row] = await connection.update(accessKeys).set(end).where(eq(accessKeys.jti, jti)).returning();
    return row;
  }

  /** Every key that can be used, of whoever. */
  async findUsable(connection: Connection, now: Date, which?: SQL): Promise<ActiveAccessKey[]> {
    const { jti, expiresAt, endsAt } = accessKeys;
    const rows = await connection
      .select({ jti, expiresAt, endsAt })
      .from(accessKeys)
      .where(and(which, usableAt(now)));
    return rows.map((row) => ({
      jti: row.jti,
      endsAtMs: Math.min(Number(row.expiresAt), Number(row.endsAt ?? row.expiresAt)),
    }));
  }

  /** Until when each of these can be used; 0 where one cannot be, or is unknown. */
  async findEnds(connection: Connection, jtis: readonly string[], now: Date): Promise<ActiveAccessKey[]> {
    const found = await this.findUsable(connection, now, inArray(accessKeys.jti, [...jtis]));
    const ends = new Map(found.map(({ jti, endsAtMs }) => [jti, endsAtMs]));
    return jtis.map((jti) => ({ jti, endsAtMs: ends.get(jti) ?? 0 }));
  }

  /** Something short that is another whenever a key has come or gone, or has been given another end. */
  async fingerprint(connection: Connection): Promise<string> {
    const { createdAt, endsAt } = accessKeys;
    const [row] = await connection
      .select({
        all: count(),
        ended: count(endsAt),
        created: sql`max(${createdAt})::text`,
        ends: sql`sum(extract(epoch from ${endsAt}))::text`,
      })
      .from(accessKeys);
    return JSON.stringify(row);
  }

  /** Writes down when keys were used. */
  async noteUses(connection: Connection, uses: ReadonlyMap<string, Date>): Promise<void> {
    for (const [jti, at] of uses) {
      const { lastUsedAt } = accessKeys;
      const isLater = or(isNull(lastUsedAt), lt(lastUsedAt, at));
      await connection
        .update(accessKeys)
        .set({ lastUsedAt: at })
        .where(and(eq(accessKeys.jti, jti), isLater));
    }
  }

  /** Forgets keys that expired, or were ended, before a time. */
  async deleteEnded(connection: Connection, before: Date): Promise<void> {
    await connection.delete(accessKeys).where(or(lt(accessKeys.expiresAt, before), lt(accessKeys.endsAt, before)));
  }
}

export function ownedBy({ issuer, kind, id }: AccessKeyOwner): SQL | undefined {
  return and(eq(accessKeys.ownerIssuer, issuer), eq(accessKeys.ownerKind, kind), eq(accessKeys.ownerId, id));
}

function usableAt(now: Date): SQL | undefined {
  return and(gt(accessKeys.expiresAt, now), or(isNull(accessKeys.endsAt), gt(accessKeys.endsAt, now)));
}
