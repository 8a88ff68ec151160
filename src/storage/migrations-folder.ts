import { fileURLToPath } from 'node:url';

/** The folder of the SQL migrations: beside this file, in the sources as in the build. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
