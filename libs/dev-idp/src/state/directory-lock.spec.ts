import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLogger } from '../logger.js';
import { DirectoryLock } from './directory-lock.js';

const longAgo = new Date('2020-01-01T00:00:00Z');

describe('DirectoryLock', () => {
  let directory: string;
  let lockPath: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    lockPath = join(directory, 'directory.lock');
  });
  afterEach(async () => {
    await kill();
    await rm(directory, { recursive: true, force: true });
  });

  async function kill(): Promise<void> {
    if (child === undefined || child.signalCode !== null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Starts a process that holds the lock until it is killed. */
  async function startHolder(): Promise<void> {
    const { resolve } = createRequire(import.meta.url);
    const program = `import lockfile from ${JSON.stringify(pathToFileURL(resolve('proper-lockfile')).href)};
      const options = { lockfilePath: ${JSON.stringify(lockPath)}, realpath: false, stale: 5000, update: 1000 };
      await lockfile.lock(${JSON.stringify(directory)}, options);
      console.log('held');
      setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('no output to wait for');
    await once(child.stdout, 'data');
  }

  it('is free again once it was released', async () => {
    const first = await DirectoryLock.acquire(directory, silentLogger);
    await first.release();
    await first.release();
    const second = await DirectoryLock.acquire(directory, silentLogger);
    second.assertHeld();
    await second.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is refused while this process holds it', async () => {
    const lock = await DirectoryLock.acquire(directory, silentLogger);
    await expect(DirectoryLock.acquire(directory, silentLogger)).rejects.toThrow(
      `the data directory ${directory} is in use by another identity provider: stop it, or choose another directory`,
    );
    await lock.release();
  });

  it('is refused while another process holds it, and free after that was killed', async () => {
    await startHolder();
    await expect(DirectoryLock.acquire(directory, silentLogger)).rejects.toThrow('is in use by another');
    await kill();
    await utimes(lockPath, longAgo, longAgo);
    await (await DirectoryLock.acquire(directory, silentLogger)).release();
  });

  it('depends on no process number: a dead lock goes stale while we look', async () => {
    await mkdir(lockPath);
    const lines: string[] = [];
    const logger = { ...silentLogger, info: (line: string) => lines.push(line) };
    await (await DirectoryLock.acquire(directory, logger, () => utimes(lockPath, longAgo, longAgo))).release();
    expect(lines).toEqual([
      `${directory} is locked: waiting a few seconds to see whether its last user is still alive`,
    ]);
  });

  it('is not waited for without end when its clock ran ahead', async () => {
    await mkdir(lockPath);
    const farAhead = new Date('2900-01-01T00:00:00Z');
    await utimes(lockPath, farAhead, farAhead);
    await expect(DirectoryLock.acquire(directory, silentLogger, () => Promise.resolve())).rejects.toThrow(
      `the data directory ${directory} is locked: if nothing uses it, remove ${lockPath}`,
    );
  });

  it('minds no file a process of an earlier life left there', async () => {
    await writeFile(join(directory, 'dev-idp.lock'), `${process.ppid}\n`);
    await (await DirectoryLock.acquire(directory, silentLogger)).release();
  });

  it('says when the directory was taken over, and claims it no longer', async () => {
    let warn: (line: string) => void = () => {};
    const warned = new Promise<string>((resolve) => {
      warn = resolve;
    });
    const lock = await DirectoryLock.acquire(directory, { ...silentLogger, warn: (line) => warn(line) });
    lock.assertHeld();
    await utimes(lockPath, longAgo, longAgo);
    expect(await warned).toContain(`${directory} was removed or taken over`);
    expect(() => lock.assertHeld()).toThrow('start the identity provider again');
    await lock.release();
    expect(await readdir(directory)).toEqual(['directory.lock']);
  });
});
