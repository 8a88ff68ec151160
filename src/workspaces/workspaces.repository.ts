import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { ListQuery } from '../http/list-query.js';
import type { Connection } from '../storage/database.js';
import { roleBindings, workspaces, type WorkspaceRow } from '../storage/schema.js';

/** Whose workspaces: those where a binding gives one of the principals one of the roles. */
export interface Membership {
  readonly principals: readonly string[];
  readonly roles: readonly string[];
}

// Names are ASCII: compared by their bytes they sort alike in every database.
const byName = sql`${workspaces.name} collate "C"`;

const sortColumns = {
  created_at: workspaces.createdAt,
  updated_at: workspaces.updatedAt,
  name: byName,
} as const;

const filterColumns = {
  name: workspaces.name,
  description: workspaces.description,
  created_by: workspaces.createdBy,
  updated_by: workspaces.updatedBy,
} as const;

/** The fields a list of workspaces can be sorted and filtered by. */
export const workspaceSortFields = Object.keys(sortColumns) as (keyof typeof sortColumns)[];
export const workspaceFilterFields = Object.keys(filterColumns) as (keyof typeof filterColumns)[];

/** Reads and writes workspaces. */
@Injectable()
export class WorkspacesRepository {
  /** One page, and how many there are in all. Without a membership: of all workspaces. */
  async findPage(
    connection: Connection,
    query: ListQuery,
    membership: Membership | undefined,
  ): Promise<{ rows: WorkspaceRow[]; total: number }> {
    const condition = and(...filterConditions(query.filter), membership && isMember(connection, membership));
    const found = await connection
      .select({ row: workspaces, total: sql<number>`count(*) over ()`.mapWith(Number) })
      .from(workspaces)
      .where(condition)
      .orderBy(...orderOf(query.sort))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const rows = found.map(({ row }) => row);
    const [first] = found;
    // Behind the last page there is no row that could tell.
    return { rows, total: first?.total ?? (query.page === 1 ? 0 : await this.count(connection, condition)) };
  }

  private async count(connection: Connection, condition: SQL | undefined): Promise<number> {
    const [counted] = await connection.select({ total: count() }).from(workspaces).where(condition);
    return counted?.total ?? 0;
  }

  async find(connection: Connection, name: string): Promise<WorkspaceRow | undefined> {
    const [row] = await connection.select().from(workspaces).where(eq(workspaces.name, name));
    return row;
  }

  /** @returns `undefined` when the name is taken. */
  async insert(
    connection: Connection,
    workspace: {
      name: string;
      description: string | null;
      createdBy: string | null;
      createdByEmail: string | null;
    },
  ): Promise<WorkspaceRow | undefined> {
    const [row] = await connection
      .insert(workspaces)
      .values({ ...workspace, updatedBy: workspace.createdBy })
      .onConflictDoNothing({ target: workspaces.name })
      .returning();
    return row;
  }

  /** What is `undefined` is not changed. */
  async update(
    connection: Connection,
    name: string,
    change: { description: string | null | undefined; updatedBy: string | null },
  ): Promise<WorkspaceRow | undefined> {
    const [row] = await connection
      .update(workspaces)
      .set({ ...change, updatedAt: sql`now()` })
      .where(eq(workspaces.name, name))
      .returning();
    return row;
  }

  /** How many role bindings are in force in the workspace. */
  async countRoleBindings(connection: Connection, name: string): Promise<number> {
    const [counted] = await connection
      .select({ total: count() })
      .from(roleBindings)
      .where(and(eq(roleBindings.workspace, name), isNull(roleBindings.revokedAt)));
    return counted?.total ?? 0;
  }

  /** Removes the workspace and with it its role bindings. */
  async delete(connection: Connection, name: string): Promise<WorkspaceRow | undefined> {
    const [row] = await connection.delete(workspaces).where(eq(workspaces.name, name)).returning();
    return row;
  }
}

function isMember(connection: Connection, { principals, roles }: Membership): SQL {
  const names = connection
    .select({ workspace: roleBindings.workspace })
    .from(roleBindings)
    .where(
      and(
        inArray(roleBindings.principal, [...principals]),
        inArray(roleBindings.role, [...roles]),
        isNull(roleBindings.revokedAt),
      ),
    );
  return inArray(workspaces.name, names);
}

function filterConditions(filter: ListQuery['filter']): SQL[] {
  return workspaceFilterFields.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [eq(filterColumns[field], value)];
  });
}

/** The name decides between equals, so that pages neither repeat nor lose an entry. */
function orderOf(sort: string): SQL[] {
  const field = workspaceSortFields.find((known) => known === sort.replace(/^-/, '')) ?? 'created_at';
  const direction = sort.startsWith('-') ? desc : asc;
  return [direction(sortColumns[field]), direction(byName)];
}
