import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import type { SignOutResult } from './sign-out.js';
import { signOut } from './sign-out.js';

describe('signOut', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    await config.signIn({ baseUrl: platform.url, token: 'a.b.c', refreshToken: 'refresh-0' });
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const run = (signal?: AbortSignal): Promise<SignOutResult> =>
    signOut({
      configFile: config.file,
      contextName: 'default',
      http: { fetch, timeoutMs: 30_000, signal },
      clock: new FakeClock(),
    });
  const isForgotten = async (): Promise<boolean> => !/a\.b\.c|refresh-0/.test(await config.read());

  it('revokes both tokens, the refresh token first, and forgets them', async () => {
    await expect(run()).resolves.toEqual({ outcome: 'signed-out', revoked: true, accessTokenRemains: false });
    expect(idp.http.requestsTo('/revoke').map(({ form }) => form)).toEqual([
      { client_id: 'nmp-cli', token: 'refresh-0', token_type_hint: 'refresh_token' },
      { client_id: 'nmp-cli', token: 'a.b.c', token_type_hint: 'access_token' },
    ]);
    await expect(isForgotten()).resolves.toBe(true);
    await expect(run()).resolves.toEqual({ outcome: 'not-signed-in', hadApiKey: false });
  });

  it('is content when the provider revokes refresh tokens only', async () => {
    idp.http.on('POST /revoke', ({ form }) =>
      form.token_type_hint === 'access_token' ? idp.error('unsupported_token_type') : { status: 200, text: 'OK' },
    );
    await expect(run()).resolves.toEqual({ outcome: 'signed-out', revoked: true, accessTokenRemains: true });
  });

  it.each<[string, () => Promise<void> | void]>([
    ['the platform is down', () => platform.close()],
    ['the provider is down', () => idp.close()],
    [
      'the provider offers no revocation',
      () => idp.http.on('GET /.well-known/openid-configuration', { json: { issuer: idp.issuer } }),
    ],
    ['the provider refuses', () => idp.http.on('POST /revoke', { status: 503, text: '' })],
    ['the platform has another provider now', () => platform.discovers({ issuer: 'https://idp.example.com' })],
  ])('forgets the tokens and tells why they were not revoked when %s', async (_, arrange) => {
    await config.signIn({
      baseUrl: platform.url,
      token: 'a.b.c',
      refreshToken: 'refresh-0',
      more: `\n    issuer: ${idp.issuer}`,
    });
    await arrange();
    await expect(run()).resolves.toEqual({
      outcome: 'signed-out',
      revoked: false,
      reason: expect.stringMatching(/\w/),
    });
    await expect(isForgotten()).resolves.toBe(true);
  });

  it('does not send tokens to an endpoint that another issuer’s document names', async () => {
    idp.http.on('GET /.well-known/openid-configuration', {
      json: { issuer: 'https://idp.example.com', revocation_endpoint: idp.endpoint('/revoke') },
    });
    await expect(run()).resolves.toMatchObject({ revoked: false });
    expect(idp.http.requestsTo('/revoke')).toHaveLength(0);
  });

  it.each(['GET /.well-known/openid-configuration', 'POST /revoke'])(
    'forgets the tokens at once when it is interrupted while %s hangs',
    async (request) => {
      const caller = new AbortController();
      idp.http.on(request, () => {
        caller.abort(new Error('interrupted'));
        return new Promise(() => undefined);
      });
      await expect(run(caller.signal)).resolves.toEqual({
        outcome: 'signed-out',
        revoked: false,
        reason: 'It was interrupted.',
      });
      await expect(isForgotten()).resolves.toBe(true);
    },
  );

  it('forgets the tokens of a platform whose address they must not go to', async () => {
    await config.write(
      (await config.read()).replace(platform.url, 'http://nmp.example.com\n    certificate_authority: ca.pem'),
    );
    await expect(run()).resolves.toMatchObject({ revoked: false, reason: expect.stringContaining('over https only') });
    expect(idp.http.requestsTo('/revoke')).toEqual([]);
    await expect(isForgotten()).resolves.toBe(true);
  });
});
