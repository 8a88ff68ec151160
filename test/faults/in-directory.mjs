import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does something that needs a directory, which is gone afterwards. */
export async function inDirectory(work) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-faults-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
