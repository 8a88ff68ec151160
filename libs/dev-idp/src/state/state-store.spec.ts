import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from './state-file.js';
import { StateStore } from './state-store.js';

describe('StateStore', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    path = join(directory, 'state.json');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(directory, { recursive: true, force: true });
  });

  const now = (): number => Math.floor(Date.now() / 1000);

  it('finds after a new start what was stored, and not what was deleted', async () => {
    const store = await StateStore.open(new StateFile(path));
    await store.set('Grant:a', { payload: { jti: 'a' }, expiresAt: now() + 60 });
    await store.set('Grant:b', { payload: { jti: 'b' } });
    await store.delete(['Grant:a']);
    const again = await StateStore.open(new StateFile(path));
    expect([...again.entries()]).toEqual([['Grant:b', { payload: { jti: 'b' } }]]);
  });

  it('is whole on disk whenever a change is acknowledged, however many come at once', async () => {
    const store = await StateStore.open(new StateFile(path));
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await store.set(`Grant:${index}`, { payload: { jti: String(index) } });
        const { entries } = JSON.parse(await readFile(path, 'utf8')) as { entries: [string, unknown][] };
        expect(entries.map(([key]) => key)).toContain(`Grant:${index}`);
      }),
    );
    expect(await readdir(directory)).toEqual(['state.json']);
  });

  it('keeps an expired entry for an hour, so that its owner hears why it is refused', async () => {
    const store = await StateStore.open(new StateFile(path));
    await store.set('DeviceCode:a', { payload: {}, expiresAt: now() + 1 });
    const start = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => start + 3_000_000);
    await store.flush();
    expect(store.get('DeviceCode:a')).toBeDefined();
    clock.mockImplementation(() => start + 3_700_000);
    await store.flush();
    expect(store.get('DeviceCode:a')).toBeUndefined();
    expect(await readFile(path, 'utf8')).not.toContain('DeviceCode');
  });

  it('reports a failed write to whoever asked for it, and tries again the next time', async () => {
    const store = await StateStore.open(new StateFile(join(directory, 'missing', 'state.json')));
    await expect(store.set('Grant:a', { payload: {} })).rejects.toThrow('ENOENT');
    await expect(store.set('Grant:b', { payload: {} })).rejects.toThrow('ENOENT');
  });
});
