import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEmbeddedDatabase } from '../../src/storage/embedded-database.js';
import { migrationsFolder } from '../../src/storage/migrations-folder.js';

const root = join(import.meta.dirname, '..', '..');

/**
 * A data directory whose database has its tables, and nothing in them. It is a copy of one that is made once: an
 * embedded database that has to make its own takes seconds to start.
 */
export class PreparedData {
  private constructor(readonly directory: string) {}

  /** @param directory where to make it. @default a temporary one */
  static async make(directory = mkdtempSync(join(tmpdir(), 'nmp-data-'))): Promise<PreparedData> {
    const prepared = join(root, 'node_modules', '.cache', 'nmp-test-data', versionOfTables());
    if (!existsSync(prepared)) await prepare(prepared);
    cpSync(prepared, directory, { recursive: true });
    return new PreparedData(directory);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Several may do it at once; whoever is first has done it for all. */
async function prepare(place: string): Promise<void> {
  const own = `${place}.${randomUUID()}`;
  mkdirSync(dirname(place), { recursive: true });
  const { close } = await openEmbeddedDatabase(own, () => undefined);
  await close();
  try {
    renameSync(own, place);
  } catch (error) {
    rmSync(own, { recursive: true });
    if (!existsSync(place)) throw error;
  }
}

/** Changes with the migrations and with the database that they were run on. */
function versionOfTables(): string {
  const hash = createHash('sha256');
  const { resolve } = createRequire(import.meta.url);
  hash.update(readFileSync(join(dirname(resolve('@electric-sql/pglite')), '..', 'package.json')));
  for (const name of readdirSync(migrationsFolder).toSorted()) {
    if (name.endsWith('.sql')) hash.update(readFileSync(join(migrationsFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
