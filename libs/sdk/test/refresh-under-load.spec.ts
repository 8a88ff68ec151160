import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BundledProgram } from './support/bundled-program.js';
import { StubIdp } from './support/stub-idp.js';
import { StubPlatform } from './support/stub-platform.js';
import { stress } from './support/stress.js';
import { TemporaryConfig } from './support/temporary-config.js';

const { processes, requestsPerProcess } = stress;

describe(`${processes} processes with an expired token`, () => {
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

  it('and twenty requests each cause one refresh and no failure, where each refresh token works once (L13)', async () => {
    const source = join(import.meta.dirname, 'support', 'list-often.ts');
    const program = await BundledProgram.create(source, config.directory, { NMP_CONFIG_FILE: config.path });
    const running = Array.from({ length: processes }, () => program.start(String(requestsPerProcess)));
    const results = await Promise.all(running.map((child) => child.result()));
    expect(results.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
    expect(idp.tokenRequests).toHaveLength(1);
    expect(platform.bearers).toHaveLength(processes * requestsPerProcess);
    expect(new Set(platform.bearers).size).toBe(1);
  });
});
