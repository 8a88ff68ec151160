import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory that holds `package.json`, whatever directory the script was called from. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
