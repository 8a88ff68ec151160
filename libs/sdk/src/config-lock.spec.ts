import { existsSync } from 'node:fs';
import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { fileLockTarget, userLockTarget, withLock } from './config-lock.js';

describe('withLock', () => {
  let config: TemporaryConfig;

  beforeEach(async () => {
    config = await TemporaryConfig.create();
  });
  afterEach(() => config.remove());

  it('lets one worker in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(config.path, work)));
    expect(most).toBe(1);
  });

  it('recovers a lock whose holder died', async () => {
    const left = `${config.path}.lock`;
    await mkdir(left);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(left, longAgo, longAgo);
    await expect(withLock(config.path, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(existsSync(left)).toBe(false);
  });

  it('recovers a lock that is dated in the future, as after a clock was set back', async () => {
    const left = `${config.path}.lock`;
    await mkdir(left);
    const inAYear = new Date(Date.now() + 31_536_000_000);
    await utimes(left, inAYear, inAYear);
    await expect(withLock(config.path, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(existsSync(left)).toBe(false);
  });

  it('leaves a lock alone whose holder has a clock that is a little ahead', async () => {
    const held = `${config.path}.lock`;
    await mkdir(held);
    const soon = new Date(Date.now() + 60_000);
    await utimes(held, soon, soon);
    const caller = new AbortController();
    const waiting = withLock(config.path, () => Promise.resolve('never'), caller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    caller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(existsSync(held)).toBe(true);
  });

  it('waits no longer than the caller wants to', async () => {
    const caller = new AbortController();
    const work = async (): Promise<unknown> => {
      const waiting = withLock(config.path, () => Promise.resolve('never'), caller.signal);
      caller.abort(new Error('stop'));
      return waiting;
    };
    await expect(withLock(config.path, work)).rejects.toThrow('stop');
    await expect(withLock(config.path, () => Promise.resolve(1), caller.signal)).rejects.toThrow('stop');
    await expect(withLock(config.path, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('gives the lock back when the work fails', async () => {
    await expect(withLock(config.path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(config.path, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('has a lock for each user, whatever the name', async () => {
    const names = ['a', 'b', 'a/b', '../a'];
    const targets = await Promise.all(names.map((name) => userLockTarget('/x/config.yaml', name)));
    expect(new Set(targets).size).toBe(4);
    for (const target of targets) expect(target).toMatch(/^\/x\/config\.yaml\.[^/]+$/);
  });

  it('has one lock for a file, by whichever links it is reached, and before it is there', async () => {
    const [directory, link] = [join(config.directory, 'link'), join(config.directory, 'link.yaml')];
    await symlink(config.directory, directory);
    const paths = [config.path, join(directory, 'config.yaml')];
    expect(new Set(await Promise.all(paths.map(fileLockTarget))).size).toBe(1);
    await config.write('');
    await symlink(config.path, link);
    const targets = [...paths, link].flatMap((path) => [fileLockTarget(path), userLockTarget(path, 'alice')]);
    expect(new Set(await Promise.all(targets)).size).toBe(2);
  });
});
