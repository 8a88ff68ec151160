import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { SignedInElsewhereError } from './errors.js';
import { NeMoPlatform } from './nemo-platform.js';

const list = 'GET /apis/entities/v2/workspaces';

describe('a client whose context is signed in to another platform meanwhile', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let other: StubPlatform;
  let config: TemporaryConfig;
  let clock: FakeClock;
  let token: string;
  let client: NeMoPlatform;

  beforeEach(async () => {
    idp = await StubIdp.start();
    [platform, other] = [await StubPlatform.start(idp), await StubPlatform.start(idp)];
    config = await TemporaryConfig.create();
    clock = new FakeClock();
    token = idp.accessToken({ now: clock.now() });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    platform.hasWorkspaces('one');
    client = new NeMoPlatform({ env: { NMP_CONFIG_FILE: config.path }, clock });
    await client.workspaces.list().toArray();
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close(), other.close()]);
    await config.remove();
  });

  const signInAt = (baseUrl: string): Promise<void> =>
    config.signIn({ baseUrl, token: idp.accessToken({ now: clock.now() }), refreshToken: 'refresh-there' });

  it('does not send that token when its own is refused', async () => {
    await signInAt(other.url);
    platform.on(list, { status: 401, json: { detail: 'no' } });
    const answer = client.workspaces.list().toArray();
    await expect(answer).rejects.toThrow(SignedInElsewhereError);
    await expect(answer).rejects.toThrow(`is now signed in to ${other.url}`);
    await expect(answer).rejects.toThrow(`Run: nemo auth login --context default --base-url ${platform.url}`);
    expect(platform.bearers).toEqual([token, token]);
    expect(idp.tokenRequests).toEqual([]);
  });

  it('does not send that token when its own has ended', async () => {
    clock.advance(4000);
    await signInAt(other.url);
    await expect(client.workspaces.list().toArray()).rejects.toThrow(SignedInElsewhereError);
    expect(platform.bearers).toEqual([token]);
    expect(idp.tokenRequests).toEqual([]);
  });

  it('does not send a token that came while its own was being renewed', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', async () => {
      await signInAt(other.url);
      return idp.error('invalid_grant');
    });
    await expect(client.workspaces.list().toArray()).rejects.toThrow(SignedInElsewhereError);
    expect(platform.bearers).toEqual([token]);
    expect(await config.read()).toContain('refresh-there');
  });

  it('goes on with its own token while that is good', async () => {
    await signInAt(other.url);
    await client.workspaces.list().toArray();
    expect(platform.bearers).toEqual([token, token]);
  });

  it('takes the token of a new sign-in to its own platform, however the address is spelt', async () => {
    clock.advance(4000);
    await signInAt(`${platform.url}/`);
    await client.workspaces.list().toArray();
    expect(platform.bearers).toHaveLength(2);
    expect(platform.bearers[1]).not.toBe(token);
    expect(idp.tokenRequests).toEqual([]);
  });
});
