import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import { FakeKeychain } from '../../test/support/fake-keychain.js';
import { StandingClock } from '../../test/support/standing-clock.js';
import type { Keychain } from './keychain.js';
import { KeychainError, systemKeychain } from './keychain.js';

const account = '0123456789abcdef/alice%40example.com';
const secret = 'nmp1:c2VjcmV0';
const systems = [
  ['linux', 'secret-tool'],
  ['darwin', 'security'],
] as const;

describe.each(systems)('the keychain of %s', (platform, program) => {
  let fake: FakeKeychain;
  let keychain: Keychain;
  const env = () => ({ ...fake.env, LANG: 'C', NMP_ACCESS_TOKEN: 'secret-of-ours' });

  beforeEach(async () => {
    fake = await FakeKeychain.create();
    keychain = await systemKeychain({ env: env(), clock: new StandingClock() }, platform);
  });
  afterEach(() => fake.remove());

  it('gives back what was stored, until it is removed', async () => {
    await expect(keychain.read(account)).resolves.toBeUndefined();
    await keychain.write(account, secret);
    await expect(keychain.read(account)).resolves.toBe(secret);
    await keychain.remove(account);
    await expect(keychain.read(account)).resolves.toBeUndefined();
    await expect(keychain.remove(account)).resolves.toBeUndefined();
  });

  it('puts a secret in the place of another, whoever else does so at the same time', async () => {
    await Promise.all(['one', 'two', 'three'].map((text) => keychain.write(account, text)));
    await keychain.write(account, secret);
    await expect(keychain.read(account)).resolves.toBe(secret);
    expect(await fake.accounts()).toHaveLength(1);
  });

  it('shows the secret, and what else is ours, to nobody who sees arguments and environments', async () => {
    await keychain.write(account, secret);
    await keychain.read(account);
    const calls = await fake.calls();
    expect(calls).toContain(program);
    expect(calls).toContain('LANG=C');
    for (const text of [secret, 'secret-of-ours']) expect(calls).not.toContain(text);
  });

  it('says in its own words why it cannot be used', async () => {
    await fake.will('fails');
    const reason = `${program} failed: Cannot autolaunch D-Bus without X11 $DISPLAY`;
    await expect(keychain.read(account)).rejects.toThrow(new KeychainError(reason, ''));
    await expect(keychain.write(account, secret)).rejects.toThrow(reason);
    await expect(keychain.remove(account)).rejects.toThrow(reason);
  });

  it('is told from one that holds nothing when it is locked', async () => {
    await keychain.write(account, secret);
    await fake.will('locked');
    await expect(keychain.read(account)).rejects.toThrow(/locked|not allowed/);
    await expect(keychain.write(account, secret)).rejects.toThrow(/locked|not allowed/);
    await expect(keychain.remove(account)).rejects.toThrow(/locked|not allowed/);
  });

  it('is not waited for when it does not answer', async () => {
    await fake.will('hangs');
    const clock = new FakeClock();
    keychain = await systemKeychain({ env: env(), clock }, platform);
    await expect(keychain.read(account)).rejects.toThrow(`${program} did not answer within 3 s`);
    await expect(keychain.write(account, secret)).rejects.toThrow(KeychainError);
    expect(clock.sleptSeconds).toEqual([3, 3]);
  });

  it('may be missing', async () => {
    await fake.uninstall();
    await expect(keychain.read(account)).rejects.toThrow(`${program} is not installed`);
  });

  it('tells how to remove a secret by hand', () => {
    expect(keychain.removeCommand(account)).toMatch(new RegExp(`^${program} .* ${account}$`));
  });
});

describe('keychains in general', () => {
  it('are those of Linux and macOS', async () => {
    const world = { env: {}, clock: new StandingClock() };
    await expect(systemKeychain(world, 'win32')).rejects.toThrow('none is supported on this system (win32)');
  });

  it('on macOS take no more than the program can be told', async () => {
    const fake = await FakeKeychain.create();
    const keychain = await systemKeychain({ env: fake.env, clock: new StandingClock() }, 'darwin');
    await expect(keychain.write(account, 'x'.repeat(4096))).rejects.toThrow('too large');
    await keychain.write(account, 'x'.repeat(3900));
    expect(await fake.accounts()).toHaveLength(1);
    await fake.remove();
  });
});
