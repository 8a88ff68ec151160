import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredEntry } from './state-file.js';
import { StateFile } from './state-file.js';

describe('StateFile', () => {
  let directory: string;
  let path: string;
  let warnings: string[];
  let file: StateFile;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    path = join(directory, 'state.json');
    warnings = [];
    file = new StateFile(path, { logger: { info: () => {}, warn: (line) => warnings.push(line) } });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const entries: [string, StoredEntry][] = [['Grant:a', { payload: { jti: 'a' }, expiresAt: 4_000_000_000 }]];

  it('gives back what it was given, and nothing before', async () => {
    expect(await file.read()).toEqual([]);
    await file.write(entries);
    expect(await file.read()).toEqual(entries);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['nothing at all', ''],
    ['half of a file', '{"version":1,"entries":[["Grant:a",{"payl'],
    ['zeros', '\0\0\0\0'],
    ['no entries', '{"version":1}'],
    ['an entry that is none', '{"version":1,"entries":[1]}'],
    ['an entry without a payload', '{"version":1,"entries":[["Grant:a",null]]}'],
    ['an expiry that is none', '{"version":1,"entries":[["Grant:a",{"payload":{},"expiresAt":"soon"}]]}'],
  ])('sets a damaged file aside and starts empty: %s', async (_what, text) => {
    await writeFile(path, text);
    expect(await file.read()).toEqual([]);
    const [aside = ''] = await readdir(directory);
    expect(aside).toMatch(/^state\.json\.corrupt-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/);
    expect(await readFile(join(directory, aside), 'utf8')).toBe(text);
    expect(warnings).toEqual([
      `${path} is damaged: it was set aside as ${join(directory, aside)}, and everybody signs in again; the keys stay`,
    ]);
  });

  it.each(['{"version":2,"entries":[]}', '{"state":"of another program"}', 'null', '[]', '"text"'])(
    'leaves a sound file of another kind where it is: %s',
    async (text) => {
      await writeFile(path, text);
      await expect(file.read()).rejects.toThrow(
        `${path} was not written by this version of the identity provider: move it away, or choose another data directory`,
      );
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('names a file that cannot be read, and what to do', async () => {
    await expect(new StateFile(directory).read()).rejects.toThrow(
      `cannot read ${directory} (EISDIR, illegal operation on a directory): make it readable, or move it away`,
    );
  });

  it('takes the file away from others and says so once', async () => {
    await file.write(entries);
    await chmod(path, 0o644);
    await file.read();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await file.read();
    expect(warnings).toEqual([
      `${path} holds secrets and was open to other users of this machine; from now on it is yours alone`,
    ]);
  });

  it('writes nothing once it belongs to somebody else', async () => {
    const assertHeld = (): void => {
      throw new Error('taken over');
    };
    await expect(new StateFile(path, { assertHeld }).write(entries)).rejects.toThrow('taken over');
    expect(await readdir(directory)).toEqual([]);
  });
});
