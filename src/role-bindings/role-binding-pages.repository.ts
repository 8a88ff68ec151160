import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, isNotNull, isNull, type SQL } from 'drizzle-orm';
import type { ListQuery } from '../http/list-query.js';
import type { Connection } from '../storage/database.js';
import { type RoleBindingRow, roleBindings } from '../storage/schema.js';

const sortColumns = { created_at: roleBindings.grantedAt, granted_at: roleBindings.grantedAt } as const;

const filterColumns = {
  principal: roleBindings.principal,
  workspace: roleBindings.workspace,
  role: roleBindings.role,
  granted_by: roleBindings.grantedBy,
} as const;

/** The fields a list of bindings can be sorted and filtered by. */
export const roleBindingSortFields = Object.keys(sortColumns) as (keyof typeof sortColumns)[];
export const roleBindingFilterFields = [...Object.keys(filterColumns), 'is_active'];

/** Reads bindings for those who look after them, those that were revoked included. */
@Injectable()
export class RoleBindingPages {
  async findPage(connection: Connection, query: ListQuery): Promise<{ rows: RoleBindingRow[]; total: number }> {
    const condition = and(...conditionsOf(query.filter));
    const rows = await connection
      .select()
      .from(roleBindings)
      .where(condition)
      .orderBy(...orderOf(query.sort))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const [counted] = await connection.select({ total: count() }).from(roleBindings).where(condition);
    return { rows, total: counted?.total ?? 0 };
  }

  /** The binding of that name that is in force, or the one that was last. */
  async findByName(connection: Connection, name: string): Promise<RoleBindingRow | undefined> {
    const rows = await connection
      .select()
      .from(roleBindings)
      .where(eq(roleBindings.name, name))
      .orderBy(desc(roleBindings.grantedAt), desc(roleBindings.id));
    return rows.find(({ revokedAt }) => revokedAt === null) ?? rows[0];
  }
}

function conditionsOf(filter: ListQuery['filter']): SQL[] {
  const equal = Object.entries(filterColumns).flatMap(([field, column]) => {
    const value = filter[field];
    return value === undefined ? [] : [eq(column, value)];
  });
  const { is_active: isActive } = filter;
  if (isActive === undefined) return equal;
  return [...equal, isActive === 'true' ? isNull(roleBindings.revokedAt) : isNotNull(roleBindings.revokedAt)];
}

/** The id decides between equals, so that pages neither repeat nor lose an entry. */
function orderOf(sort: string): SQL[] {
  const direction = sort.startsWith('-') ? desc : asc;
  return [direction(roleBindings.grantedAt), direction(roleBindings.id)];
}
