import { chown, lchown, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigFile } from './config-file.js';
import { ConfigError } from './errors.js';
import { ownershipProblem } from './file-ownership.js';

const me = 1000;
const other = 4711;

describe('the owner of a file (L11)', () => {
  it.each([
    ['is me', { file: me }, undefined],
    ['is the administrator', { file: 0 }, undefined],
    ['is me behind a link of mine', { file: me, link: me }, undefined],
    ['is somebody else', { file: other }, 'belongs to another user'],
    ['is somebody else behind a link of mine', { file: other, link: me }, 'belongs to another user'],
    ['is me behind a link of somebody else', { file: me, link: other }, 'is a link that another user made'],
  ])('%s', (_what, owners, problem) => {
    expect(ownershipProblem(owners, me)?.what).toBe(problem);
  });
});

describe('a configuration file', () => {
  let config: TemporaryConfig;
  let link: string;

  beforeEach(async () => {
    config = await TemporaryConfig.create();
    await config.signIn({ baseUrl: 'http://localhost:8080', token: 'token', refreshToken: 'refresh-0' });
    link = join(config.directory, 'link.yaml');
    await symlink(config.path, link);
  });
  afterEach(() => config.remove());

  const tokenIn = async (path: string): Promise<string | undefined> =>
    (await new ConfigFile(path).read()).context('default')?.credentials?.token;

  it('is read and replaced through a link of its owner, which stays a link', async () => {
    await expect(tokenIn(link)).resolves.toBe('token');
    await new ConfigFile(link).update((document) => document.setCredentials('default', { token: 'new' }));
    await expect(tokenIn(config.path)).resolves.toBe('new');
  });

  it('is taken apart once until it changes, and a change that fails leaves no trace', async () => {
    const file = config.file;
    const first = await file.read();
    expect(await file.read()).toBe(first);
    const failing = file.update((document) => {
      document.clearCredentials('default');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await file.read()).context('default')?.credentials?.token).toBe('token');
    await config.file.update((document) => document.setCredentials('default', { token: 'new' }));
    expect((await file.read()).context('default')?.credentials?.token).toBe('new');
  });

  it('is refused, and not written, when it is not the user’s (L11)', async () => {
    const foreign = await foreignOwner(config.path, link);
    for (const path of [config.path, link]) {
      const file = new ConfigFile(path, undefined, foreign.user);
      const refusal = await file.read().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ConfigError);
      expect(refusal).toMatchObject({
        message: expect.stringMatching(/another user.*Take it over: sudo chown .*, or set NMP_CONFIG_FILE/),
      });
      await expect(file.update(() => undefined)).rejects.toThrow(/another user/);
    }
    expect(await config.read()).toContain('token: token');
  });

  it('is refused even when there is no secret in it: it says where people sign in (L11)', async () => {
    await writeFile(config.path, 'current_context: default\n');
    const foreign = await foreignOwner(config.path, link);
    await expect(new ConfigFile(config.path, undefined, foreign.user).read()).rejects.toThrow(
      /belongs to another user/,
    );
  });
});

/** Makes the files somebody else's: by giving them away where that is allowed, else by being somebody else. */
async function foreignOwner(file: string, link: string): Promise<{ user: number }> {
  const user = process.getuid?.() ?? 0;
  if (user !== 0) return { user: user + 1 };
  await chown(file, other, other);
  await lchown(link, other, other);
  return { user };
}
