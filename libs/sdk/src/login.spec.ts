import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigError } from './errors.js';
import type { DeviceCode } from './grants/device-grant.js';
import { NeMoPlatform } from './nemo-platform.js';

const whoami = { principal: { kind: 'user', id: 'alice-id' }, scopes: [] };

describe('NeMoPlatform.login', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  const clock = new FakeClock();
  const onDeviceCode = jest.fn<(device: DeviceCode) => void>();

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    onDeviceCode.mockClear();
    platform.on('GET /apis/auth/v2/whoami', { json: whoami });
    idp.http.on('POST /device', idp.deviceCode());
    idp.http.on('POST /token', [
      idp.error('authorization_pending'),
      idp.tokens({ now: clock.now(), scope: 'openid platform:read' }),
    ]);
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const env = () => ({ NMP_CONFIG_FILE: config.path, NMP_BASE_URL: platform.url });

  it('shows the code, waits, and gives a client that is signed in', async () => {
    const scopes = ['platform:read'];
    const client = await NeMoPlatform.login({ onDeviceCode, scopes, clientId: 'my-tool', env: env(), clock });
    expect(onDeviceCode).toHaveBeenCalledTimes(1);
    expect(onDeviceCode.mock.lastCall?.[0]).toMatchObject({ userCode: 'ABCD-EFGH', lifetimeSeconds: 600 });
    await expect(client.auth.whoami()).resolves.toEqual(whoami);
    const stored = (await config.file.read()).context('default')?.credentials;
    expect(platform.bearers).toEqual([stored?.token]);
    expect(stored?.clientId).toBe('my-tool');
    expect(idp.http.requestsTo('/device')[0]?.form).toMatchObject({
      client_id: 'my-tool',
      scope: 'openid profile email offline_access platform:read',
    });
  });

  it('asks nobody to sign in when the sign-in cannot be stored', async () => {
    const configPath = `${config.path}.${'x'.repeat(240)}`; // its lock has a name that is too long
    await expect(NeMoPlatform.login({ onDeviceCode, configPath, env: env(), clock })).rejects.toThrow(ConfigError);
    expect(onDeviceCode).not.toHaveBeenCalled();
    expect(idp.http.requests).toEqual([]);
  });

  it('stays in the context it was told', async () => {
    idp.http.on('POST /token', idp.tokens({ now: clock.now() }));
    const client = await NeMoPlatform.login({ onDeviceCode, contextName: 'work', env: env(), clock });
    await client.auth.whoami();
    const document = await config.file.read();
    expect(document.contextNames).toEqual(['work']);
    expect(platform.bearers).toEqual([document.context('work')?.credentials?.token]);
  });

  it('fails as the identity provider has it, and stores nothing', async () => {
    idp.http.on('POST /token', idp.error('access_denied'));
    await expect(NeMoPlatform.login({ onDeviceCode, env: env(), clock })).rejects.toMatchObject({ code: 'denied' });
    expect((await config.file.read()).contextNames).toEqual([]);
  });
});
