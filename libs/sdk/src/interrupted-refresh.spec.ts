import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StandingClock } from '../test/support/standing-clock.js';
import type { StubAnswer } from '../test/support/http-stub.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import type { Clock } from './clock.js';
import { StoredTokenSource } from './stored-token-source.js';

const never = new Promise<StubAnswer>(() => undefined);

describe('a refresh that is interrupted', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let caller: AbortController;
  let before: string;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    caller = new AbortController();
    const token = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    before = await config.read();
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const refresh = (clock: Clock): Promise<unknown> =>
    new StoredTokenSource({
      configFile: config.file,
      contextName: 'default',
      baseUrl: platform.url,
      http: { fetch, timeoutMs: 30_000, signal: caller.signal },
      clock,
      marginSeconds: 60,
    }).accessToken();
  const interrupt = (): Promise<StubAnswer> => {
    caller.abort(new Error('interrupted'));
    return never;
  };

  it('ends while the platform hangs, and has sent no refresh token', async () => {
    platform.http.on('GET /apis/auth/discovery', interrupt);
    await expect(refresh(new StandingClock())).rejects.toThrow('interrupted');
    expect(idp.tokenRequests).toEqual([]);
  });

  it('ends while the identity provider hangs, without a second try, a change or a lock left behind', async () => {
    idp.http.on('POST /token', interrupt);
    const clock = new FakeClock();
    await expect(refresh(clock)).rejects.toThrow('interrupted');
    expect(clock.sleptSeconds).toEqual([1]);
    expect(idp.tokenRequests).toHaveLength(1);
    expect(await config.read()).toBe(before);
    expect(await readdir(config.directory)).toEqual(['config.yaml']);
  });

  it('stores an answer that was on its way, so that no token is lost', async () => {
    idp.http.on('POST /token', () => {
      caller.abort(new Error('interrupted'));
      return idp.tokens({ now: new Date('2030-01-01T00:00:00Z') });
    });
    await expect(refresh(new StandingClock())).resolves.toEqual(expect.any(String));
    expect(await config.read()).toContain('refresh_token: refresh-2');
  });
});
