import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StubIdp } from './support/stub-idp.js';
import { StubPlatform } from './support/stub-platform.js';
import { TemporaryConfig } from './support/temporary-config.js';
import { TypescriptProcess } from './support/typescript-process.js';

const program = join(import.meta.dirname, 'support', 'list-twice.ts');

describe('an expired token and several processes', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    platform.hasWorkspaces('one');
    const token = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    idp.rotate('refresh-0', () => ({ now: new Date() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  it('cause one refresh at an identity provider that accepts each refresh token once', async () => {
    const env = { NMP_CONFIG_FILE: config.path };
    const processes = Array.from({ length: 5 }, () => TypescriptProcess.start(program, [], env));
    const results = await Promise.all(processes.map((child) => child.result()));
    expect(results).toEqual(processes.map(() => ({ stdout: '', stderr: '', exitCode: 0 })));
    expect(idp.tokenRequests).toHaveLength(1);
    expect(platform.bearers).toHaveLength(10);
    expect(new Set(platform.bearers).size).toBe(1);
  });
});
