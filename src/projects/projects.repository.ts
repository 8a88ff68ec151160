import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, sql, type SQL } from 'drizzle-orm';
import type { ListQuery } from '../http/list-query.js';
import type { Connection } from '../storage/database.js';
import { type ProjectRow, projects } from '../storage/schema.js';

// Names are ASCII: compared by their bytes they sort alike in every database.
const byName = sql`${projects.name} collate "C"`;

const sortColumns = { created_at: projects.createdAt, name: byName } as const;
const filterColumns = { name: projects.name, created_by: projects.createdBy } as const;

/** The fields a list of projects can be sorted and filtered by. */
export const projectSortFields = Object.keys(sortColumns) as (keyof typeof sortColumns)[];
export const projectFilterFields = Object.keys(filterColumns) as (keyof typeof filterColumns)[];

/** Reads and writes projects. */
@Injectable()
export class ProjectsRepository {
  /** One page of a workspace's projects, and how many there are in all. */
  async findPage(
    connection: Connection,
    workspace: string,
    query: ListQuery,
  ): Promise<{ rows: ProjectRow[]; total: number }> {
    const condition = and(eq(projects.workspace, workspace), ...filterConditions(query.filter));
    const rows = await connection
      .select()
      .from(projects)
      .where(condition)
      .orderBy(...orderOf(query.sort))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const [counted] = await connection.select({ total: count() }).from(projects).where(condition);
    return { rows, total: counted?.total ?? 0 };
  }

  /** The first names in order, for a message. */
  async firstNames(connection: Connection, workspace: string, max: number): Promise<string[]> {
    const rows = await connection
      .select({ name: projects.name })
      .from(projects)
      .where(eq(projects.workspace, workspace))
      .orderBy(asc(byName))
      .limit(max);
    return rows.map(({ name }) => name);
  }

  /** @returns `undefined` when the name is taken in the workspace. */
  async insert(
    connection: Connection,
    project: { workspace: string; name: string; description: string | null; createdBy: string | null },
  ): Promise<ProjectRow | undefined> {
    const [row] = await connection.insert(projects).values(project).onConflictDoNothing().returning();
    return row;
  }

  async delete(connection: Connection, workspace: string, name: string): Promise<ProjectRow | undefined> {
    const [row] = await connection
      .delete(projects)
      .where(and(eq(projects.workspace, workspace), eq(projects.name, name)))
      .returning();
    return row;
  }
}

function filterConditions(filter: ListQuery['filter']): SQL[] {
  return projectFilterFields.flatMap((field) => {
    const value = filter[field];
    return value === undefined ? [] : [eq(filterColumns[field], value)];
  });
}

/** The name decides between equals, so that pages neither repeat nor lose an entry. */
function orderOf(sort: string): SQL[] {
  const field = projectSortFields.find((known) => known === sort.replace(/^-/, '')) ?? 'created_at';
  const direction = sort.startsWith('-') ? desc : asc;
  return [direction(sortColumns[field]), direction(byName)];
}
