import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevIdp } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';

describe('data directory', () => {
  let directory: string;
  let dataDir: string;
  let warnings: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    dataDir = join(directory, 'data');
    warnings = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function live<T>(run: (client: OauthClient) => Promise<T>): Promise<T> {
    const idp = await DevIdp.start({ dataDir, logger: { info: () => {}, warn: (line) => warnings.push(line) } });
    try {
      return await run(new OauthClient(idp));
    } finally {
      await idp.close();
    }
  }

  it.each([
    ['775', [expect.stringContaining('can be written by other users')]],
    ['1777', [expect.stringContaining('can be written by other users')]],
    ['755', []],
  ])('keeps the modes it had when it was there before, and says who else may write: %s', async (mode, said) => {
    await mkdir(dataDir);
    await chmod(dataDir, Number.parseInt(mode, 8));
    await live((client) => client.password());
    expect(((await stat(dataDir)).mode & 0o7777).toString(8)).toBe(mode);
    expect(warnings).toEqual(said);
  });

  it('is for its owner alone when the provider makes it', async () => {
    dataDir = join(directory, 'above', 'data');
    await live(() => Promise.resolve());
    for (const path of [join(directory, 'above'), dataDir]) expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('serves one provider at a time', async () => {
    await live(async () => {
      await expect(DevIdp.start({ dataDir })).rejects.toThrow(`the data directory ${dataDir} is in use`);
    });
    await live(() => Promise.resolve());
  });

  it('loses what killed processes left half-written, and nothing else', async () => {
    await live(() => Promise.resolve());
    const others = ['state.json.bak', 'state.json.12.txt', 'notes.json.12'];
    for (const name of ['state.json.1234567', 'keys.json.42', ...others]) await writeFile(join(dataDir, name), '{');
    await live(() => Promise.resolve());
    expect((await readdir(dataDir)).toSorted()).toEqual(['keys.json', 'state.json', ...others].toSorted());
  });

  it('starts again with its keys and no sign-ins when its state is damaged', async () => {
    await live((client) => client.password());
    const keys = await readFile(join(dataDir, 'keys.json'), 'utf8');
    await writeFile(join(dataDir, 'state.json'), '{"version":1,"entr');
    await live(async (client) => {
      expect((await client.password()).status).toBe(200);
    });
    expect(warnings).toEqual([expect.stringContaining('state.json is damaged: it was set aside as')]);
    expect(await readFile(join(dataDir, 'keys.json'), 'utf8')).toBe(keys);
  });

  it('is left as it was when its state is not this program’s', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'state.json'), '{"state":"of another program"}');
    await expect(live(() => Promise.resolve())).rejects.toThrow('state.json was not written by this version');
    expect(await readdir(dataDir)).toEqual(['state.json']);
  });

  it('acknowledges nothing any more when it is removed', async () => {
    const life = live(async (client) => {
      await rm(dataDir, { recursive: true });
      expect(await client.password()).toMatchObject({ status: 500, body: { error: 'server_error' } });
    });
    // Whichever is noticed first: the missing file or the missing lock.
    await expect(life).rejects.toThrow(/^(?:cannot write .*state\.json \(ENOENT|the data directory .* was removed)/);
    expect(warnings.join('\n')).toMatch(/internal error at POST \/token: (?:cannot write|the data directory) /);
  });
});
