import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, or, type SQL, sql } from 'drizzle-orm';
import type { ListQuery } from '../http/list-query.js';
import type { Connection } from '../storage/database.js';
import { type AccessKeyRow, accessKeys } from '../storage/schema.js';
import type { AccessKeyOwner } from './access-key-owner.js';
import { ownedBy } from './access-keys.repository.js';

const sortColumns = { created_at: accessKeys.createdAt, expires_at: accessKeys.expiresAt } as const;
const conditions = {
  name: (value) => eq(accessKeys.name, value),
  // Providers write an address now so, now so; an id is exact.
  owner: (value) => or(eq(accessKeys.ownerId, value), eq(sql`lower(${accessKeys.ownerEmail})`, sql`lower(${value})`)),
} as const satisfies Record<string, (value: string) => SQL | undefined>;

/** The fields a list of keys can be sorted and filtered by. */
export const accessKeySortFields = Object.keys(sortColumns) as (keyof typeof sortColumns)[];
export const accessKeyFilterFields = Object.keys(conditions) as (keyof typeof conditions)[];

/** Reads keys for those who look after them, those that have ended included. */
@Injectable()
export class AccessKeyPages {
  /** @param owner whose keys; without one, everybody's */
  async findPage(
    connection: Connection,
    owner: AccessKeyOwner | undefined,
    query: ListQuery,
  ): Promise<{ rows: AccessKeyRow[]; total: number }> {
    const condition = and(owner && ownedBy(owner), ...conditionsOf(query.filter));
    const rows = await connection
      .select()
      .from(accessKeys)
      .where(condition)
      .orderBy(...orderOf(query.sort))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const [counted] = await connection.select({ total: count() }).from(accessKeys).where(condition);
    return { rows, total: counted?.total ?? 0 };
  }
}

function conditionsOf(filter: ListQuery['filter']): (SQL | undefined)[] {
  return accessKeyFilterFields.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [conditions[field](value)];
  });
}

/** The id decides between equals, so that pages neither repeat nor lose an entry. */
function orderOf(sort: string): SQL[] {
  const field = accessKeySortFields.find((known) => known === sort.replace(/^-/, '')) ?? 'created_at';
  const direction = sort.startsWith('-') ? desc : asc;
  return [direction(sortColumns[field]), direction(accessKeys.jti)];
}
