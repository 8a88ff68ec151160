import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { and, eq } from 'drizzle-orm';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { openStorage } from './open-storage.js';
import * as schema from './schema.js';
import { seed } from './seed.js';
import type { Storage } from './storage.js';

const { roleBindings, workspaces } = schema;
let storage: Storage;

beforeAll(async () => {
  storage = await openStorage({ dataDir: 'memory://', adminEmail: 'Admin@example.com' });
});

afterAll(async () => storage?.close());

const initialBindings = [
  ['*', 'default', 'Editor'],
  ['*', 'system', 'Viewer'],
  ['*', 'system', 'WorkspaceCreator'],
  ['admin@example.com', 'system', 'PlatformAdmin'],
];

describe('openStorage', () => {
  it('has the initial workspaces and bindings', async () => {
    const rows = await storage.database.select().from(workspaces).orderBy(workspaces.name);
    expect(rows.map(({ name, createdBy }) => [name, createdBy])).toEqual([
      ['default', 'system'],
      ['system', 'system'],
    ]);
    expect(await bindingsInForce()).toEqual(initialBindings);
  });

  it('may be seeded again and again', async () => {
    await seed(storage.database, 'admin@example.com');
    await seed(storage.database);
    expect(await bindingsInForce()).toEqual(initialBindings);
  });

  it('does not bring back a binding that somebody revoked, except the administrator', async () => {
    const revoked = { revokedAt: new Date(), revokedBy: 'root' };
    const { role, workspace } = roleBindings;
    await storage.database
      .update(roleBindings)
      .set(revoked)
      .where(and(eq(workspace, 'default'), eq(role, 'Editor')));
    await storage.database.update(roleBindings).set(revoked).where(eq(role, 'PlatformAdmin'));
    await seed(storage.database, 'admin@example.com');
    expect(await bindingsInForce()).toEqual(initialBindings.slice(1));
  });

  it('refuses a second binding in force of the same triple, and a binding in no workspace', async () => {
    const binding = { name: 'rb-x', principal: '*', workspace: 'system', role: 'Viewer', grantedBy: 'test' };
    const insert = (values: typeof binding) => storage.database.insert(roleBindings).values(values).execute();
    await expect(insert(binding)).rejects.toMatchObject({ cause: { code: '23505' } });
    await expect(insert({ ...binding, workspace: 'nowhere' })).rejects.toMatchObject({ cause: { code: '23503' } });
  });

  it('may be closed more than once', async () => {
    await Promise.all([storage.close(), storage.close()]);
    await storage.close();
  });
});

describe('the migrations', () => {
  it('make the tables that the schema describes (run: npm run migrations)', async () => {
    const folder = new URL('./migrations/meta/', import.meta.url);
    const { entries } = readJson(new URL('_journal.json', folder)) as { entries: { idx: number }[] };
    const last = String(entries.at(-1)?.idx).padStart(4, '0');
    const snapshot = readJson(new URL(`${last}_snapshot.json`, folder)) as ReturnType<typeof generateDrizzleJson>;
    expect(await generateMigration(snapshot, generateDrizzleJson(schema, snapshot.id))).toEqual([]);
  });
});

async function bindingsInForce(): Promise<string[][]> {
  const rows = await storage.database.query.roleBindings.findMany({
    where: (row, { isNull }) => isNull(row.revokedAt),
    orderBy: (row, { asc }) => [asc(row.principal), asc(row.workspace), asc(row.role)],
  });
  return rows.map(({ principal, workspace, role }) => [principal, workspace, role]);
}

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}
