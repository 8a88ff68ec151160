import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CredentialStore } from '@nmp/sdk';
import { FakeKeychain } from './support/fake-keychain.js';
import { StandingClock } from './support/standing-clock.js';
import { StubIdp } from './support/stub-idp.js';
import { StubPlatform } from './support/stub-platform.js';
import { TemporaryConfig } from './support/temporary-config.js';
import { TypescriptProcess } from './support/typescript-process.js';

const program = join(import.meta.dirname, 'support', 'list-patiently.ts');

describe('an expired token in the keychain and several processes', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let keychain: FakeKeychain;

  beforeEach(async () => {
    [idp, config, keychain] = await Promise.all([StubIdp.start(), TemporaryConfig.create(), FakeKeychain.create()]);
    platform = await StubPlatform.start(idp);
    platform.hasWorkspaces('one');
    const token = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    const options = { clock: new StandingClock(), env: keychain.env };
    await new CredentialStore(config.file, options).move('default', 'keychain', () => undefined);
    idp.rotate('refresh-0', () => ({ now: new Date() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await Promise.all([config.remove(), keychain.remove()]);
  });

  it('cause one refresh, and none finds an item in its way', async () => {
    const env = { NMP_CONFIG_FILE: config.path, ...keychain.env };
    const processes = Array.from({ length: 3 }, () => TypescriptProcess.start(program, [], env));
    const results = await Promise.all(processes.map((child) => child.result()));
    expect(results).toEqual(processes.map(() => ({ stdout: '', stderr: '', exitCode: 0 })));
    expect(idp.tokenRequests).toHaveLength(1);
    expect(new Set(platform.bearers).size).toBe(1);
    expect(await keychain.tokens()).toEqual([
      { token: platform.bearers[0], refresh_token: expect.stringMatching(/^refresh-/) },
    ]);
    expect(await config.read()).toContain('token_store: keychain');
  });
});
