import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { SignInRequiredError } from './errors.js';
import type { SignInGrant } from './sign-in.js';
import { signIn } from './sign-in.js';
import { StoredTokenSource } from './stored-token-source.js';

describe('the parameters that a platform publishes for signing in', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  const clock = new FakeClock();
  const http = { fetch, timeoutMs: 30_000 };
  const wanted = { audience: 'https://api.example.com', resource: 'urn:nmp' };

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    platform.discovers({ login_parameters: { ...wanted, client_id: 'evil', username: 'evil', scope: 'evil' } });
    idp.http.on('POST /device', idp.deviceCode());
    idp.http.on('POST /token', () => idp.tokens({ now: clock.now() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const run = (grant: SignInGrant) =>
    signIn({
      configFile: config.file,
      contextName: 'default',
      baseUrl: platform.url,
      clientSecret: 's3cret',
      grant,
      http,
      clock,
    });

  const source = (): StoredTokenSource =>
    new StoredTokenSource({
      configFile: config.file,
      contextName: 'default',
      baseUrl: platform.url,
      http,
      clock,
      marginSeconds: 60,
    });

  it.each<[SignInGrant, string]>([
    [{ type: 'password', username: 'alice', password: 'pw' }, '/token'],
    [{ type: 'client-credentials' }, '/token'],
    [{ type: 'device', onDeviceCode: () => undefined }, '/device'],
  ])('are sent by %j, and change nothing of the sign-in itself', async (grant, path) => {
    await run(grant);
    const [request] = idp.http.requestsTo(path);
    expect(request?.form).toMatchObject({ ...wanted, client_id: 'nmp-cli' });
    expect(Object.values(request?.form ?? {})).not.toContain('evil');
  });

  it('are repeated as far as later requests need them: the resource', async () => {
    await run({ type: 'device', onDeviceCode: () => undefined });
    await source().refresh();
    const [poll, refresh] = idp.tokenRequests;
    for (const form of [poll, refresh]) {
      expect(form).toMatchObject({ resource: 'urn:nmp' });
      expect(form).not.toHaveProperty('audience');
    }
  });

  it.each([
    ['for another API', { resource: 'https://payroll.example' }],
    ['for any API', {}],
  ])('and ask for tokens %s after the sign-in, get none without another', async (_, parameters) => {
    await run({ type: 'password', username: 'alice', password: 'pw' });
    const { refreshToken } = (await config.file.read()).context('default')?.credentials ?? {};
    platform.discovers({ login_parameters: parameters });
    await expect(source().refresh()).rejects.toThrow(/another "resource" of .* Run: nemo auth login/);
    expect(idp.tokenRequests).toHaveLength(1);
    expect((await config.file.read()).context('default')?.credentials).toMatchObject({ refreshToken });
  });

  it('may ask for a resource after a sign-in without, which then is none', async () => {
    platform.discovers({});
    await run({ type: 'password', username: 'alice', password: 'pw' });
    await expect(source().refresh()).resolves.not.toHaveProperty('resource');
    platform.discovers({ login_parameters: { resource: 'urn:nmp' } });
    await expect(source().refresh()).rejects.toThrow(SignInRequiredError);
  });

  it('are noted as far as a refresh repeats them, and forgotten at the end', async () => {
    await run({ type: 'password', username: 'alice', password: 'pw' });
    await source().refresh();
    await source().refresh();
    expect(idp.tokenRequests.map((form) => form.resource)).toEqual(['urn:nmp', 'urn:nmp', 'urn:nmp']);
    expect(await config.read()).toContain('resource: urn:nmp');
    await config.file.update((document) => document.clearCredentials('default'));
    expect(await config.read()).not.toContain('urn:nmp');
  });

  it('that are no texts make the platform none', async () => {
    platform.discovers({ login_parameters: { audience: 5 } });
    await expect(run({ type: 'client-credentials' })).rejects.toThrow(
      /"oidc.login_parameters.audience" in its answer is not text/,
    );
  });
});
