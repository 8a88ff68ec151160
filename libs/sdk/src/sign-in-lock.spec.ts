import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigFile } from './config-file.js';
import { userLockTarget, withLock } from './config-lock.js';
import { withSignInLock } from './sign-in-lock.js';
import { StoredTokenSource } from './stored-token-source.js';

describe('withSignInLock', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  const clock = new FakeClock();

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    const token = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await config.write(`clusters:
  - { name: one, base_url: "${platform.url}" }
users:
  - { name: alice, type: oauth, token: ${token}, refresh_token: refresh-0 }
  - { name: bob, type: no-auth }
contexts:
  - { name: work, cluster: one, user: alice }
  - { name: lab, cluster: one, user: alice }
  - { name: new, cluster: one }
`);
    idp.rotate('refresh-0', () => ({ now: clock.now() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  it('lets contexts that share a user, and files that are links to it, renew its token once', async () => {
    const link = join(config.directory, 'link.yaml');
    await symlink(config.path, link);
    const source = (path: string, contextName: string): StoredTokenSource =>
      new StoredTokenSource({
        configFile: new ConfigFile(path),
        contextName,
        baseUrl: platform.url,
        http: { fetch, timeoutMs: 30_000 },
        clock,
        marginSeconds: 60,
      });
    const sources = [source(config.path, 'work'), source(config.path, 'lab'), source(link, 'work')];
    const tokens = await Promise.all(sources.map((each) => each.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(idp.tokenRequests).toHaveLength(1);
  });

  const isLocked = async (user: string): Promise<boolean> =>
    existsSync(`${await userLockTarget(config.path, user)}.lock`);

  it('takes the lock of the user whom the context has by then', async () => {
    const waiting = await withLock(await userLockTarget(config.path, 'alice'), async () => {
      const users = withSignInLock(config.file, 'work', () => Promise.all(['alice', 'bob'].map(isLocked)));
      const text = await config.read();
      await config.write(text.replace('work, cluster: one, user: alice', 'work, cluster: one, user: bob'));
      return { users };
    });
    await expect(waiting.users).resolves.toEqual([false, true]);
  });

  it('takes the lock of the user whom a context without one will get', async () => {
    await expect(withSignInLock(config.file, 'new', () => isLocked('new-user'))).resolves.toBe(true);
  });
});
