import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import type { KeychainBehaviour } from '../test/support/fake-keychain.js';
import { FakeKeychain } from '../test/support/fake-keychain.js';
import { StandingClock } from '../test/support/standing-clock.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import type { Clock } from './clock.js';
import { ConfigFile } from './config-file.js';
import { CredentialStore } from './credential-store.js';
import type { TokenStore } from './stored-preferences.js';
import type { StoredCredentials } from './user-entry.js';

const platform = 'linux';
const baseUrl = 'https://nmp.example.com';
const old = { token: 'old-token', refreshToken: 'old-refresh', scope: 'openid' };
const renewed = { token: 'new-token', refreshToken: 'new-refresh', scope: 'openid' };
const [first, second] = [/^[\da-f]{16}_default-user$/, /^[\da-f]{16}\.2_default-user$/].map((pattern) =>
  expect.stringMatching(pattern),
);

describe('CredentialStore with a keychain', () => {
  let fake: FakeKeychain;
  let config: TemporaryConfig;
  let store: CredentialStore;
  const warnings: string[] = [];

  beforeEach(async () => {
    fake = await FakeKeychain.create();
    config = await TemporaryConfig.create();
    warnings.length = 0;
    store = open();
    await signIn(old);
  });
  afterEach(async () => {
    await config.remove();
    await fake.remove();
  });

  const open = (clock: Clock = new StandingClock(), path = config.path): CredentialStore =>
    new CredentialStore(new ConfigFile(path), {
      clock,
      env: fake.env,
      onWarning: (message) => warnings.push(message),
      platform,
    });
  const signIn = (credentials: StoredCredentials, tokenStore: TokenStore = 'keychain'): Promise<void> =>
    store.save('default', (document) => {
      document.setBaseUrl('default', baseUrl);
      return { credentials, tokenStore };
    });
  const stored = async () => (await store.read('default')).credentials;
  /** How the programs behave from now on, with a clock that fits. */
  const will = async (behaviour: KeychainBehaviour): Promise<void> => {
    await fake.will(behaviour);
    store = open(behaviour === 'hangs' ? new FakeClock() : new StandingClock());
  };

  it('keeps the tokens there and everything else in the file', async () => {
    expect(await stored()).toEqual(old);
    expect(await fake.tokens()).toEqual([{ token: 'old-token', refresh_token: 'old-refresh' }]);
    const text = await config.read();
    expect(text).not.toMatch(/old-/);
    expect(text).toMatch(/type: oauth\n {4}token_store: keychain\n {4}keychain_item: [\da-f]{16}\/default-user\n/);
    expect(await fake.calls()).not.toMatch(/old-/);
    expect(warnings).toEqual([]);
  });

  it('stores refreshed tokens where the old ones are, unless somebody else was quicker', async () => {
    await store.saveRefreshed('default', old, renewed);
    expect(await stored()).toEqual(renewed);
    expect(await fake.accounts()).toEqual([first]);
    await store.saveRefreshed('default', old, { token: 'late' });
    expect(await stored()).toEqual(renewed);
    await store.clear('default');
    await store.saveRefreshed('default', renewed, { token: 'late' });
    expect(await stored()).toBeUndefined();
    expect(await fake.accounts()).toEqual([]);
  });

  it('has the refreshed tokens also when the file could not be written any more', async () => {
    const crashing = new CredentialStore(await brokenFile(), { clock: new StandingClock(), env: fake.env, platform });
    await expect(crashing.saveRefreshed('default', old, { ...renewed, scope: 'more' })).rejects.toThrow('crash');
    expect(await stored()).toEqual(renewed);
  });

  it('takes an item that is out of sight for one that is there', async () => {
    await fake.remove();
    fake = await FakeKeychain.create();
    store = open();
    await store.saveRefreshed('default', old, renewed);
    expect(await stored()).toEqual(renewed);
  });

  it('forgets a dead refresh token alone', async () => {
    await store.dropRefreshToken('default', ['another']);
    expect(await stored()).toEqual(old);
    await store.dropRefreshToken('default', ['old-refresh']);
    expect(await stored()).toEqual({ token: 'old-token', scope: 'openid', endedAt: expect.any(Date) });
  });

  it('leaves the old sign-in whole until the new one is in the file', async () => {
    const crashing = new CredentialStore(await brokenFile(), { clock: new StandingClock(), env: fake.env, platform });
    const failing = crashing.save('default', () => ({ credentials: renewed, tokenStore: 'keychain' }));
    await expect(failing).rejects.toThrow('crash');
    expect(await fake.accounts()).toEqual(expect.arrayContaining([first, second]));
    expect(await stored()).toEqual(old);
    await signIn(renewed);
    expect(await fake.accounts()).toEqual([second]);
    expect(await stored()).toEqual(renewed);
    await signIn(old);
    expect(await fake.accounts()).toEqual([first]);
  });

  /** The same file, for a process that ends before it has written it. */
  async function brokenFile(): Promise<ConfigFile> {
    const document = await config.file.read();
    return Object.assign(new ConfigFile(config.path), {
      update: async (change: (given: typeof document) => unknown) => {
        await change(document);
        throw new Error('crash');
      },
    });
  }

  it('takes tokens that moved while it looked for them', async () => {
    const reading = new ConfigFile(config.path);
    const before = await reading.read();
    await signIn(renewed);
    const documents = [before, await config.file.read()];
    const file = Object.assign(reading, { read: () => Promise.resolve(documents.shift() ?? config.file.read()) });
    const late = new CredentialStore(file, { clock: new StandingClock(), env: fake.env, platform });
    expect((await late.read('default')).credentials).toEqual(renewed);
  });

  it('reads nothing that is not of its own file', async () => {
    const stranger = await TemporaryConfig.create();
    await stranger.write((await config.read()).replace(baseUrl, 'https://evil.example'));
    const theirs = open(undefined, stranger.path);
    expect(await theirs.read('default')).not.toHaveProperty('credentials');
    await theirs.clear('default');
    expect(await stored()).toEqual(old);
    await stranger.remove();
  });

  it('moves tokens out of the keychain and into it', async () => {
    await store.move('default', 'file', () => undefined);
    expect(await config.read()).toMatch(/token: old-token\n/);
    expect(await config.read()).not.toMatch(/keychain/);
    expect(await fake.accounts()).toEqual([]);
    await store.move('default', 'keychain', (document) => document.setWorkspace('default', 'demo'));
    expect(await config.read()).toMatch(/workspace: demo[^]* {4}preferences:\n {6}token_store: keychain\n/);
    expect(await config.read()).not.toMatch(/old-/);
    expect(await stored()).toEqual(old);
    await store.move('default', 'keychain', () => undefined);
    expect(await stored()).toEqual(old);
  });

  it('signs everybody out, also who is in no context', async () => {
    await config.file.update((document) => {
      document.setBaseUrl('other', baseUrl);
      document.setCredentials('other', { token: 'in-the-file' });
    });
    const orphan = `  - { name: orphan, type: oauth, token_store: keychain, keychain_item: any }\n`;
    await config.write((await config.read()).replace('users:\n', `users:\n${orphan}`));
    await store.clearAll();
    expect(await config.read()).not.toMatch(/keychain|in-the-file/);
    expect(await fake.accounts()).toEqual([]);
  });

  describe.each<[KeychainBehaviour | 'missing', RegExp]>([
    ['locked', /secret-tool failed: Cannot create an item in a locked collection/],
    ['fails', /secret-tool failed: Cannot autolaunch D-Bus without X11 \$DISPLAY\. Start a keyring /],
    ['hangs', /secret-tool did not answer within 3 s\. Unlock /],
    ['garbage', /it did not keep what was stored/],
    ['cuts', /it did not keep what was stored, which may be too large/],
    ['missing', /secret-tool is not installed\. Install it /],
  ])('that %s', (behaviour, reason) => {
    beforeEach(async () => {
      if (behaviour === 'missing') await fake.uninstall();
      else await will(behaviour);
    });

    it('leaves a new sign-in to the file, and says why', async () => {
      await signIn(renewed);
      expect(warnings[0]).toMatch(/^The tokens are kept in .*config\.yaml, because the OS keychain cannot be used: /);
      expect(warnings[0]).toMatch(reason);
      expect(warnings[0]).toMatch(/to keep them in the file: nemo config set --token-store file$/);
      expect(await config.read()).toMatch(/token: new-token\n {4}refresh_token: new-refresh\n/);
      expect(await stored()).toEqual(renewed);
      expect(warnings.join()).not.toMatch(/(old|new)-/);
    });

    it('loses no refreshed token', async () => {
      await store.saveRefreshed('default', old, renewed);
      expect((await config.file.read()).context('default')?.credentials ?? (await fakeTokens())).toEqual(renewed);
    });

    it('keeps nobody from signing out', async () => {
      await store.clear('default');
      expect(await config.read()).not.toContain('keychain');
    });

    it('leaves the preference to the person, and the sign-in where it is', async () => {
      await store.move('default', 'file', () => undefined);
      expect(await config.read()).toContain('token_store: file');
    });
  });

  const fakeTokens = async (): Promise<StoredCredentials> => {
    await will('works');
    return (await stored()) ?? { token: 'lost' };
  };

  it('says what cannot be read, and how to go on without the keychain', async () => {
    await will('garbage');
    await expect(store.read('default')).rejects.toThrow(
      /The tokens are in the OS keychain, and it cannot be used: what it gave is not what was stored there\. .*nemo config set --token-store file, then run: nemo auth login$/,
    );
    await will('hangs');
    await expect(store.read('default')).rejects.toThrow(/did not answer within 3 s/);
  });

  it('says what it could not remove, and how', async () => {
    await will('fails');
    await store.clear('default');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Old tokens may still be in the OS keychain: .* To remove them later, run: secret-tool clear service nmp account [\da-f]{16}\/default-user$/,
      ),
    ]);
  });

  it('is not asked where tokens are in the file', async () => {
    await signIn(old, 'file');
    const before = await fake.calls();
    await stored();
    await store.saveRefreshed('default', old, renewed);
    await store.clear('default');
    expect(await fake.calls()).toBe(before);
  });
});
