// Measures how the list of somebody's 50 workspaces grows with the number of all workspaces, on the embedded database, and
// prints the figure as JSON. Needs the built platform.
import 'reflect-metadata';
import { sql } from 'drizzle-orm';
import { openStorage } from '../dist/storage/open-storage.js';
import { WorkspacesRepository } from '../dist/workspaces/workspaces.repository.js';
import { figureOf, median } from './figures.mjs';

const rounds = 15;
const listings = 20;
const repository = new WorkspacesRepository();
const query = { page: 1, pageSize: 100, sort: '-created_at', filter: {} };
const membership = { principals: ['alice@example.com', 'group:team-ml'], roles: ['Viewer', 'Editor', 'Admin'] };

const few = await storageWith(1000);
const many = await storageWith(100_000);
await time(few);
await time(many);
const ratios = [];
for (let round = 0; round < rounds; round += 1) {
  const [fewMs, manyMs] = [await time(few), await time(many)];
  ratios.push(manyMs / fewMs);
}
console.log(JSON.stringify([figureOf('listing 50 of 100,000 / of 1,000 workspaces', 'any', median(ratios), 'ratio')]));
await Promise.all([few.close(), many.close()]);

/** Workspaces of others, each with an Admin, and 50 of Alice's, evenly among them. */
async function storageWith(count) {
  const storage = await openStorage({ dataDir: 'memory://' });
  await storage.database.execute(sql`
    insert into workspaces (name, created_at) select 'ws-' || n, now() + n * interval '1 second'
    from generate_series(1, ${count}::int) as n`);
  await storage.database.execute(sql`
    insert into role_bindings (name, principal, workspace, role, granted_by)
    select 'rb-' || n, case when n % ${count / 50}::int = 0 then 'alice@example.com' else 'user-' || n || '@example.com' end,
      'ws-' || n, 'Admin', 'bench'
    from generate_series(1, ${count}::int) as n`);
  return storage;
}

async function time({ database }) {
  const startedAt = performance.now();
  for (let listing = 0; listing < listings; listing += 1) {
    const { rows, total } = await repository.findPage(database, query, membership);
    if (rows.length !== 50 || total !== 50)
      throw new Error(`listed ${rows.length} of ${total} workspaces instead of 50`);
  }
  return performance.now() - startedAt;
}
