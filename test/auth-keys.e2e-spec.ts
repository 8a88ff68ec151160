import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, type INestApplication, Logger } from '@nestjs/common';
import { type Algorithm, AuthModule, type AuthModuleOptions, Clock } from '@nmp/auth';
import { SigningKey, type TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { adapters, startApp } from './support/http-apps.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class AnswerController {
  @Get()
  answer() {
    return { ok: true };
  }
}

describe.each(adapters)('keys of an issuer on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
    jest.restoreAllMocks();
  });

  async function start(options: Partial<AuthModuleOptions> = {}, algorithm: Algorithm = 'ES256') {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock, algorithm });
    const { app, url } = await serve(clock, issuer, options);
    const status = async (token: string): Promise<number> => (await call(url, token)).status;
    return { clock, issuer, app, url, status };
  }

  async function serve(clock: SetClock, issuer: TestIssuer, options: Partial<AuthModuleOptions>) {
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', ...options.oidc };
    const started = await startApp(adapter, {
      imports: [AuthModule.forRoot({ ...options, oidc })],
      controllers: [AnswerController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(started.app, issuer);
    return started;
  }

  const call = (url: string, token: string): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } });

  it('fetches the keys once for a hundred first requests', async () => {
    const { issuer, status } = await start({ cache: false });
    const token = await issuer.accessToken();
    const answers = await Promise.all(Array.from({ length: 100 }, () => status(token)));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(issuer.jwksFetches).toBe(1);
  });

  it('accepts a token of a new key after the cool-down, and keeps accepting the old one', async () => {
    const { clock, issuer, status } = await start();
    const old = await issuer.accessToken();
    expect(await status(old)).toBe(200);
    await issuer.rotateKeys();
    const fresh = await issuer.accessToken();
    expect(await status(fresh)).toBe(401);
    clock.advance(30);
    expect(await status(fresh)).toBe(200);
    expect(await status(old)).toBe(200);
  });

  it('lets invented key ids cost one fetch per cool-down, and delays nobody else', async () => {
    const { clock, issuer, status } = await start({ cache: false });
    const good = await issuer.accessToken({ expiresInSeconds: 3600 });
    expect(await status(good)).toBe(200);
    clock.advance(30);
    for (let at = 0; at < 20; at++) {
      expect(await status(await issuer.accessToken({ header: { kid: `invented-${at}` } }))).toBe(401);
      expect(await status(good)).toBe(200);
    }
    expect(issuer.jwksFetches).toBe(2);
  });

  it('goes on with the keys it holds while the provider is down', async () => {
    const { clock, issuer, status, url } = await start({ cache: false });
    const good = await issuer.accessToken({ expiresInSeconds: 100_000 });
    expect(await status(good)).toBe(200);
    issuer.fail('refuse');
    clock.advance(3600);
    expect(await status(good)).toBe(200);

    const unknown = await call(url, await issuer.accessToken({ header: { kid: 'new' } }));
    expect(unknown.status).toBe(503);
    expect(Number(unknown.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await unknown.json()).toMatchObject({ code: 'issuer_unavailable', detail: 'Identity provider unavailable' });

    clock.advance(86_400);
    expect(await status(good)).toBe(503);
  });

  it('stops accepting a removed key with the next fetch, remembered verdicts included', async () => {
    const { clock, issuer, status } = await start({ cache: { ttlSeconds: 100_000 } });
    const token = await issuer.accessToken({ expiresInSeconds: 100_000 });
    expect(await status(token)).toBe(200);
    await issuer.rotateKeys({ keepOld: false });
    clock.advance(601);
    expect(await status(await issuer.accessToken())).toBe(200); // fetches
    expect(await status(token)).toBe(401);
  });

  it('stops accepting a key that the provider has replaced by one of a kind that is not accepted', async () => {
    const { clock, issuer, status } = await start();
    const life = { expiresInSeconds: 100_000 };
    const token = await issuer.accessToken(life);
    const fresh = await issuer.accessToken({ ...life, subject: 'user-2' });
    expect(await status(token)).toBe(200);
    issuer.publish([{ kty: 'OKP', crv: 'Ed25519', kid: 'new', x: 'AAAA' }]);
    clock.advance(601);
    await status(await issuer.accessToken({ header: { kid: 'other' } })); // fetches
    expect([await status(token), await status(fresh)]).toEqual([503, 503]);
  });

  it('starts without its provider, says so once, answers 503 and recovers by itself', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    issuer.fail({ status: 500 });
    const { url } = await serve(clock, issuer, {});
    const token = await issuer.accessToken();

    const answer = await call(url, token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect((await call(url, token)).status).toBe(503);
    const outages = warn.mock.calls.filter(([line]) => String(line).includes('cannot be fetched'));
    expect(outages).toHaveLength(1);

    issuer.recover();
    clock.advance(30);
    expect((await call(url, token)).status).toBe(200);
  });

  it('says at the start when the configured issuer differs only in a slash from that of the document', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const issuer = await startIssuer();
    const oidc = { issuer: `${issuer.issuer}/`, clientId: 'nmp-cli' };
    const { app } = await startApp(adapter, { imports: [AuthModule.forRoot({ oidc })] });
    running.push(app, issuer);
    while (warn.mock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('only the trailing slash differs, write the issuer')]]);
  });

  it.each<[string, (issuer: TestIssuer) => void]>([
    ['HTML', (issuer) => issuer.fail({ status: 200, body: '<html>' })],
    ['a redirect', (issuer) => issuer.fail({ status: 302, headers: { location: issuer.jwksUri } })],
    ['no keys', (issuer) => issuer.publish([])],
    ['more than 100 keys', (issuer) => issuer.publish(Array.from({ length: 101 }, () => issuer.signingKey.jwk))],
    ['600 KiB', (issuer) => issuer.fail({ status: 200, body: JSON.stringify({ pad: 'x'.repeat(600_000) }) })],
    ['nothing in time', (issuer) => issuer.fail('hang')],
  ])('answers 503, never 401, when the provider sends %s', async (_what, breakIssuer) => {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    breakIssuer(issuer);
    const { url } = await serve(clock, issuer, { httpTimeoutMs: 200 });
    expect((await call(url, await issuer.accessToken())).status).toBe(503);
  });

  it('skips unusable entries of a key set and uses the good one', async () => {
    const { issuer, status, clock } = await start();
    const weak = { kty: 'RSA', kid: 'weak', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' };
    const good = issuer.signingKey.jwk;
    const bad = [
      null,
      'text',
      {},
      weak,
      { kty: 'oct', k: 'c2VjcmV0', kid: good.kid, alg: 'HS256' },
      { ...good, kid: 'for-encryption', use: 'enc' },
      { ...good, kid: 'signs-only', key_ops: ['sign'] },
      { ...good, kid: 'other-algorithm', alg: 'PS256' },
      { ...good, kid: 'other-issuer', issuer: 'https://other.example' },
      { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'off-curve' },
    ];
    issuer.publish([...bad, good]);
    clock.advance(601);
    expect(await status(await issuer.accessToken())).toBe(200);
    for (const kid of ['for-encryption', 'signs-only', 'other-algorithm', 'other-issuer']) {
      expect([kid, await status(await issuer.accessToken({ header: { kid } }))]).toEqual([kid, 401]);
    }
  });

  it('accepts ES256 beside RS256, and a token without a key id only if one key fits', async () => {
    const { issuer, status, clock } = await start({}, 'RS256');
    const nameless = { header: { kid: undefined } };
    expect(await status(await issuer.accessToken(nameless))).toBe(200);
    await issuer.rotateKeys({ algorithm: 'ES256' });
    clock.advance(601);
    expect(await status(await issuer.accessToken())).toBe(200);
    expect(await status(await issuer.accessToken(nameless))).toBe(200);
    await issuer.rotateKeys({ algorithm: 'ES256' });
    clock.advance(601);
    expect(await status(await issuer.accessToken())).toBe(200);
    expect(await status(await issuer.accessToken(nameless))).toBe(401);
  });

  it('never mixes the keys of two issuers, and one being down does not touch the other', async () => {
    const clock = new SetClock();
    const [main, other] = await Promise.all([startIssuer({ clock }), startIssuer({ clock })]);
    running.push(other);
    const oidc = { issuer: main.issuer, clientId: 'nmp-cli', additionalIssuers: [other.issuer] };
    const { url } = await serve(clock, main, { oidc });
    const impostor = await SigningKey.generate('ES256', main.signingKey.kid);
    expect((await call(url, await main.accessToken())).status).toBe(200);
    expect((await call(url, await other.accessToken())).status).toBe(200);
    expect((await call(url, await main.accessToken({ key: impostor }))).status).toBe(401);
    expect((await call(url, await main.accessToken({ key: other.signingKey }))).status).toBe(401);
    main.fail('refuse');
    clock.advance(200_000);
    expect((await call(url, await main.accessToken())).status).toBe(503);
    expect((await call(url, await other.accessToken())).status).toBe(200);
  });

  it('asks nobody about a token of an unlisted issuer', async () => {
    const { issuer, status } = await start();
    expect(await status(await issuer.accessToken())).toBe(200);
    const asked = issuer.requests.length;
    const stranger = await startIssuer({ clock: new SetClock() });
    running.push(stranger);
    expect(await status(await stranger.accessToken())).toBe(401);
    expect(stranger.requests).toEqual([]);
    expect(issuer.requests).toHaveLength(asked);
  });
});

describe('two applications in one process', () => {
  it("do not accept each other's tokens", async () => {
    const apps: INestApplication[] = [];
    const issuers = await Promise.all([startIssuer(), startIssuer()]);
    const urls: string[] = [];
    for (const { issuer } of issuers) {
      const imports = [AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } })];
      const { app, url } = await startApp('fastify', { imports, controllers: [AnswerController] });
      apps.push(app);
      urls.push(url);
    }
    const statuses = await Promise.all(
      urls.flatMap((url) =>
        issuers.map(async (issuer) => {
          const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
          return (await fetch(url, { headers })).status;
        }),
      ),
    );
    expect(statuses).toEqual([200, 401, 401, 200]);
    await Promise.all([...apps, ...issuers].map((part) => part.close()));
  });
});
