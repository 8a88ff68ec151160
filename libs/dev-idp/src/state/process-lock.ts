import { open, readFile, rm } from 'node:fs/promises';
import { DevIdpError, systemErrorCode } from '../errors.js';

/** A file that says which process uses a directory; left behind by a dead process, it counts for nothing. */
export class ProcessLock {
  private constructor(private readonly path: string) {}

  /** Takes the lock. @throws {DevIdpError} naming the process that holds it. */
  static async acquire(path: string): Promise<ProcessLock> {
    if (!(await create(path))) {
      const holder = Number.parseInt(await readFile(path, 'utf8'), 10);
      if (isAlive(holder)) throw new DevIdpError(`${path}: the directory is in use by process ${holder}`);
      await rm(path, { force: true });
      if (!(await create(path))) throw new DevIdpError(`${path}: the directory was taken by another process just now`);
    }
    return new ProcessLock(path);
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${process.pid}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  // A process that starts again under its own old number (in a container, say) finds its own lock.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
