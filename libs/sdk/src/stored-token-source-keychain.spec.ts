import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeKeychain } from '../test/support/fake-keychain.js';
import { StandingClock } from '../test/support/standing-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { CredentialStore } from './credential-store.js';
import { SignInRequiredError } from './errors.js';
import { signIn } from './sign-in.js';
import { signOut } from './sign-out.js';
import { StoredTokenSource } from './stored-token-source.js';

describe('a sign-in whose tokens are in the keychain', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let fake: FakeKeychain;
  let clock: StandingClock;
  let token: string;
  const warnings: string[] = [];

  beforeEach(async () => {
    [idp, config, fake] = await Promise.all([StubIdp.start(), TemporaryConfig.create(), FakeKeychain.create()]);
    platform = await StubPlatform.start(idp);
    clock = new StandingClock();
    warnings.length = 0;
    token = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    await new CredentialStore(config.file, common()).move('default', 'keychain', () => undefined);
    idp.rotate('refresh-0', () => ({ now: clock.now() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await Promise.all([config.remove(), fake.remove()]);
  });

  const common = () => ({
    http: { fetch, timeoutMs: 30_000 },
    clock,
    env: fake.env,
    contextName: 'default',
    onWarning: (message: string) => void warnings.push(message),
  });
  const source = (): StoredTokenSource =>
    new StoredTokenSource({ ...common(), configFile: config.file, baseUrl: platform.url, marginSeconds: 60 });
  const file = async () => ({ text: await config.read(), document: await config.file.read() });

  it('is refreshed once for any number of callers and clients, and stays there', async () => {
    const clients = Array.from({ length: 4 }, source);
    const renewed = await Promise.all(clients.map((client) => client.accessToken()));
    expect(new Set(renewed).size).toBe(1);
    expect(idp.tokenRequests).toHaveLength(1);
    expect(await fake.tokens()).toEqual([{ token: renewed[0], refresh_token: 'refresh-2' }]);
    expect((await file()).text).not.toMatch(/refresh-|eyJ/);
    expect(warnings).toEqual([]);
  });

  it('is looked up once by a client while the token is good', async () => {
    const client = source();
    const renewed = await client.accessToken();
    const before = await fake.calls();
    await expect(client.accessToken()).resolves.toBe(renewed);
    expect(await fake.calls()).toBe(before);
  });

  it('is looked at once more after invalid_grant: another program may have renewed it', async () => {
    const theirs = { token: idp.accessToken({ now: clock.now() }), refreshToken: 'refresh-theirs' };
    idp.http.on('POST /token', async () => {
      const store = new CredentialStore(config.file, common());
      await store.saveRefreshed('default', { token, refreshToken: 'refresh-0' }, theirs);
      return idp.error('invalid_grant');
    });
    await expect(source().accessToken()).resolves.toBe(theirs.token);
    expect(idp.tokenRequests).toHaveLength(1);
  });

  it('loses a dead refresh token, and keeps the user entry', async () => {
    idp.http.on('POST /token', idp.error('invalid_grant'));
    await expect(source().accessToken()).rejects.toThrow(SignInRequiredError);
    await expect(source().accessToken()).rejects.toThrow(/Run: nemo auth login/);
    expect(idp.tokenRequests).toHaveLength(1);
    expect(await fake.tokens()).toEqual([{ token }]);
  });

  it('goes to the file when the keychain does not keep the refreshed tokens', async () => {
    idp.http.on('POST /token', async () => {
      await fake.will('fails');
      return idp.tokens({ now: clock.now() });
    });
    const renewed = await source().accessToken();
    expect((await file()).document.context('default')?.credentials).toMatchObject({ token: renewed });
    expect(warnings[0]).toMatch(/The tokens are kept in .* because the OS keychain cannot be used/);
  });

  it('is asked for anew when somebody removed it from the keychain', async () => {
    await new CredentialStore(config.file, common()).clear('default');
    await config.signIn({ baseUrl: platform.url, token });
    await new CredentialStore(config.file, common()).move('default', 'keychain', () => undefined);
    await fake.remove();
    fake = await FakeKeychain.create();
    await expect(source().accessToken()).rejects.toThrow(
      'The OS keychain no longer has the tokens of context "default". Run: nemo auth login',
    );
    await expect(signOut({ ...common(), configFile: config.file })).resolves.toMatchObject({
      outcome: 'signed-out',
      revoked: false,
    });
  });

  it('is revoked and removed by signing out', async () => {
    const result = await signOut({ ...common(), configFile: config.file });
    expect(result).toEqual({ outcome: 'signed-out', revoked: true, accessTokenRemains: false });
    expect(idp.http.requestsTo('/revoke').map(({ form }) => form.token)).toEqual(['refresh-0', token]);
    expect(await fake.accounts()).toEqual([]);
    expect((await file()).text).not.toContain('keychain_item');
  });

  it('can be signed out of while the keychain cannot be read', async () => {
    await fake.will('fails');
    const result = await signOut({ ...common(), configFile: config.file });
    expect(result).toMatchObject({ revoked: false, reason: expect.stringContaining('secret-tool failed') });
    expect((await file()).document.context('default')).not.toHaveProperty('keychain');
    expect(warnings).toEqual([expect.stringContaining('secret-tool clear service nmp account')]);
  });

  describe('and a new one', () => {
    const grant = { type: 'password', username: 'alice', password: 'pw' } as const;
    const signInAgain = (env: Record<string, string> = {}) =>
      signIn({
        ...common(),
        env: { ...fake.env, ...env },
        configFile: config.file,
        baseUrl: platform.url,
        grant,
      });

    beforeEach(() => idp.http.on('POST /token', idp.tokens({ now: clock.now() })));

    it('goes there as well', async () => {
      await signInAgain();
      expect((await file()).text).not.toMatch(/refresh-|eyJ/);
      expect(await fake.accounts()).toHaveLength(1);
    });

    it('goes where the environment says', async () => {
      await signInAgain({ NMP_TOKEN_STORE: 'file' });
      expect((await file()).text).toMatch(/token: eyJ/);
      expect(await fake.accounts()).toEqual([]);
      await expect(signInAgain({ NMP_TOKEN_STORE: 'safe' })).rejects.toThrow(
        'NMP_TOKEN_STORE is "safe". Set it to file or keychain, or unset it',
      );
    });
  });
});
