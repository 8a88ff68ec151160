import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { SignInRequiredError } from './errors.js';
import { StoredTokenSource } from './stored-token-source.js';

describe('StoredTokenSource', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let clock: FakeClock;
  let token: string;
  const warnings: string[] = [];

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    clock = new FakeClock();
    token = idp.accessToken({ now: clock.now() });
    warnings.length = 0;
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    idp.rotate('refresh-0', () => ({ now: clock.now() }));
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const source = (): StoredTokenSource =>
    new StoredTokenSource({
      configFile: config.file,
      contextName: 'default',
      baseUrl: platform.url,
      http: { fetch, timeoutMs: 30_000 },
      clock,
      marginSeconds: 60,
      onWarning: (message) => warnings.push(message),
    });

  it('gives the stored token, without any request, while it is good', async () => {
    clock.advance(3500);
    await expect(source().accessToken()).resolves.toBe(token);
    expect(platform.http.requests).toHaveLength(0);
  });

  it('sends the refresh token to no other address than the one that gave it out', async () => {
    const elsewhere = await StubIdp.start();
    await config.file.update((document) => {
      const credentials = document.context('default')?.credentials;
      if (credentials)
        document.setCredentials('default', { ...credentials, tokenEndpoint: `${elsewhere.issuer}/token` });
    });
    clock.advance(3700);
    await expect(source().accessToken()).rejects.toThrow(SignInRequiredError);
    expect([...idp.tokenRequests, ...elsewhere.tokenRequests]).toEqual([]);
    expect(await config.read()).toContain('refresh_token: refresh-0');
    await elsewhere.close();
  });

  it('renews it in time and stores what came, comments kept', async () => {
    clock.advance(3545);
    const renewed = await source().accessToken();
    expect(renewed).not.toBe(token);
    expect(idp.tokenRequests).toEqual([
      { grant_type: 'refresh_token', client_id: 'nmp-cli', refresh_token: 'refresh-0' },
    ]);
    const text = await config.read();
    expect(text).toContain(`token: ${renewed}`);
    expect(text).toContain('refresh_token: refresh-2');
    expect(text).toContain("- name: default-user # alice's");
  });

  it('causes one refresh for any number of callers and clients', async () => {
    clock.advance(4000);
    const clients = Array.from({ length: 10 }, source);
    const renewed = await Promise.all(clients.flatMap((client) => [client.accessToken(), client.accessToken()]));
    expect(new Set(renewed).size).toBe(1);
    expect(renewed[0]).not.toBe(token);
    expect(idp.tokenRequests).toHaveLength(1);
  });

  it('keeps the refresh token when the provider sends none', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', idp.tokens({ now: clock.now() }, { refresh_token: undefined }));
    await source().accessToken();
    expect(await config.read()).toContain('refresh_token: refresh-0');
  });

  it('uses a token that still holds when the provider cannot be asked, and says so', async () => {
    clock.advance(3590);
    idp.http.on('POST /token', { status: 503, text: '' });
    await expect(source().accessToken()).resolves.toBe(token);
    expect(warnings).toEqual([expect.stringMatching(/could not be refreshed yet/)]);
    expect(await config.read()).toContain('refresh_token: refresh-0');
  });

  it('uses a token that still holds when it cannot be renewed here, and says so', async () => {
    const user = 'x'.repeat(250); // no file, and so no lock, can have a name that long
    await config.write((await config.read()).replaceAll('default-user', user));
    clock.advance(3590);
    await expect(source().accessToken()).resolves.toBe(token);
    expect(warnings).toEqual([expect.stringMatching(/could not be refreshed yet\. The lock .* cannot be made/)]);
    clock.advance(20);
    await expect(source().accessToken()).rejects.toThrow(/cannot be made/);
    expect(idp.tokenRequests).toEqual([]);
  });

  it('keeps the refresh token when the connection breaks, after asking twice', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', { breakConnection: true });
    await expect(source().accessToken()).rejects.toMatchObject({ code: 'network_error' });
    expect(idp.tokenRequests).toHaveLength(2);
    expect(await config.read()).toContain('refresh_token: refresh-0');
  });

  it.each([
    ['invalid_grant', 'dead'],
    // Dex
    ['invalid_request', 'Refresh token is invalid or has already been claimed by another client.'],
  ])('drops a refresh token that is dead by %s, keeps the user entry, and asks for a sign-in', async (code, said) => {
    clock.advance(4000);
    idp.http.on('POST /token', idp.error(code, { error_description: said }));
    await expect(source().accessToken()).rejects.toThrow(SignInRequiredError);
    await expect(source().accessToken()).rejects.toThrow(/Run: nemo auth login/);
    expect(idp.tokenRequests).toHaveLength(1);
    const stored = (await config.file.read()).context('default')?.credentials;
    expect(stored).toEqual({ token, endedAt: clock.now() });
  });

  it('looks once more after invalid_grant: another program may have renewed the token', async () => {
    clock.advance(4000);
    const theirs = idp.accessToken({ now: clock.now() });
    idp.http.on('POST /token', async () => {
      await config.signIn({ baseUrl: platform.url, token: theirs, refreshToken: 'refresh-theirs' });
      return idp.error('invalid_grant');
    });
    await expect(source().accessToken()).resolves.toBe(theirs);
    expect(await config.read()).toContain('refresh-theirs');
  });

  it('tries a refresh token that another program left', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', async ({ form }) => {
      if (form.refresh_token === 'refresh-theirs') return idp.tokens({ now: clock.now() });
      await config.signIn({ baseUrl: platform.url, token: 'also.expired.token', refreshToken: 'refresh-theirs' });
      const expired = idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
      await config.signIn({ baseUrl: platform.url, token: expired, refreshToken: 'refresh-theirs' });
      return idp.error('invalid_grant');
    });
    await expect(source().accessToken()).resolves.toMatch(/\./);
    expect(idp.tokenRequests.map((form) => form.refresh_token)).toEqual(['refresh-0', 'refresh-theirs']);
  });

  it('sends the refresh token to no other identity provider than the one that issued it', async () => {
    clock.advance(4000);
    await config.signIn({
      baseUrl: platform.url,
      token,
      refreshToken: 'refresh-0',
      more: '\n    issuer: https://idp.example.com',
    });
    await expect(source().accessToken()).rejects.toThrow(/another identity provider/);
    expect(idp.tokenRequests).toHaveLength(0);
  });

  it('refreshes for the client that signed in', async () => {
    clock.advance(4000);
    await config.signIn({
      baseUrl: platform.url,
      token,
      refreshToken: 'refresh-0',
      more: '\n    client_id: other-client',
    });
    await source().accessToken();
    expect(idp.tokenRequests[0]).toMatchObject({ client_id: 'other-client' });
  });

  it('asks for a sign-in when the token has ended and there is nothing to renew it with', async () => {
    await config.signIn({ baseUrl: platform.url, token });
    clock.advance(3590);
    await expect(source().accessToken()).resolves.toBe(token);
    clock.advance(20);
    await expect(source().accessToken()).rejects.toThrow(/no refresh token is available/);
  });

  it('notes when a token ends that does not say so', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', idp.tokens({ now: clock.now() }, { access_token: 'opaque', expires_in: 120 }));
    const client = source();
    await expect(client.accessToken()).resolves.toBe('opaque');
    await expect(source().accessToken()).resolves.toBe('opaque');
    expect(idp.tokenRequests).toHaveLength(1);
    clock.advance(100);
    idp.http.on('POST /token', idp.tokens({ now: clock.now() }, { access_token: 'opaque-2' }));
    await expect(source().accessToken()).resolves.toBe('opaque-2');
  });

  it('uses a new token that cannot be stored, and says so', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', async () => {
      await config.remove();
      await writeFile(config.directory, 'no longer a directory');
      return idp.tokens({ now: clock.now() });
    });
    await expect(source().accessToken()).resolves.not.toBe(token);
    expect(warnings).toEqual([expect.stringMatching(/could not be stored/)]);
  });

  it('lets somebody who signed out meanwhile have the last word', async () => {
    clock.advance(4000);
    idp.http.on('POST /token', async () => {
      await config.file.update((document) => document.clearCredentials('default'));
      return idp.tokens({ now: clock.now() });
    });
    await source().accessToken();
    expect((await config.file.read()).hasSecrets).toBe(false);
  });

  it('renews a good token when told to', async () => {
    const renewed = await source().refresh();
    expect(renewed.token).not.toBe(token);
    expect(renewed.refreshToken).toBe('refresh-2');
  });
});
