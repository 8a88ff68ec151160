import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger } from '@nestjs/common';
import {
  type AuthEvent,
  AuthEvents,
  AuthModule,
  type AuthModuleOptions,
  Clock,
  IssuerKeys,
  type IssuerKeysState,
} from '@nmp/auth';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class AnswerController {
  @Get()
  answer() {
    return {};
  }
}

describe('the keys of issuers', () => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  async function start(options: Partial<AuthModuleOptions> = {}) {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    issuer.fail({ status: 500 }); // nothing is fetched before the test looks
    const { app, url } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ cache: false, ...options, oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [AnswerController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app, issuer);
    const events: AuthEvent[] = [];
    app.get(AuthEvents).subscribe((event) => {
      if (event.type !== 'authenticated' && event.type !== 'refused') events.push(event);
    });
    const call = async (token: string): Promise<number> =>
      (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
    const states = (): readonly IssuerKeysState[] => app.get(IssuerKeys).states();
    return { clock, issuer, call, events, states };
  }

  /** Where the first attempt to fetch the keys, which is over, was in vain, and the next will not be. */
  async function startAfterFailure(options: Partial<AuthModuleOptions> = {}) {
    const started = await start(options);
    const { issuer, clock, call } = started;
    expect(await call(await issuer.accessToken())).toBe(503);
    issuer.recover();
    clock.advance(30);
    return started;
  }

  it('are told of when they cannot be had, when they can, and each time they are fetched', async () => {
    const { clock, issuer, call, events, states } = await start();
    const { issuer: name } = issuer;
    const [state] = states();
    expect(state).toMatchObject({ issuer: name, kind: 'access', isUsable: false, keyCount: 0 });
    expect(state).not.toHaveProperty('fetchedAt');
    const token = await issuer.accessToken({ expiresInSeconds: 1_000_000 });
    expect([await call(token), await call(token)]).toEqual([503, 503]);
    const problem = `${issuer.issuer}/.well-known/openid-configuration answered with status 500`;
    expect(events.splice(0)).toEqual([{ type: 'issuer-unavailable', issuer: name, reason: problem }]);
    expect(states()).toMatchObject([{ isUsable: false, problem }]);

    issuer.recover();
    clock.advance(30);
    expect(await call(token)).toBe(200);
    expect(events.splice(0)).toEqual([
      { type: 'issuer-recovered', issuer: name },
      { type: 'keys-refreshed', issuer: name, keyCount: 1, durationMs: 0 },
    ]);
    const failed = states()[0]!.failedFetches;
    expect(states()).toEqual([
      {
        issuer: name,
        kind: 'access',
        isUsable: true,
        keyCount: 1,
        fetchedAt: clock.now(),
        fetches: failed + 1,
        failedFetches: failed,
      },
    ]);
  });

  it('are usable during an outage as long as what is held may be used', async () => {
    const limits = { jwksMaxAgeSeconds: 600, jwksStaleSeconds: 3600 };
    const { clock, issuer, call, events, states } = await startAfterFailure(limits);
    events.splice(0);
    const token = await issuer.accessToken({ expiresInSeconds: 1_000_000 });
    expect(await call(token)).toBe(200);
    const { fetchedAt } = states()[0]!;
    issuer.fail('refuse');
    clock.advance(1200);
    expect(await call(token)).toBe(200); // and begins to fetch
    await untilFailed(() => states()[0]?.problem);
    expect(states()).toMatchObject([{ isUsable: true, keyCount: 1, fetchedAt }]);
    clock.advance(3600);
    expect(states()).toMatchObject([{ isUsable: false, keyCount: 1, fetchedAt }]);
    expect(events.filter(({ type }) => type === 'issuer-unavailable')).toHaveLength(1);
  });

  it('are not usable once the issuer has taken all of them back', async () => {
    const { clock, issuer, call, states } = await startAfterFailure();
    expect(await call(await issuer.accessToken())).toBe(200);
    issuer.publish([{ kty: 'OKP', crv: 'Ed25519', kid: 'new', x: 'AAAA' }]);
    clock.advance(601);
    await call(await issuer.accessToken({ header: { kid: 'other' } })); // fetches
    expect(states()).toMatchObject([
      { isUsable: false, keyCount: 0, problem: expect.stringContaining('no key usable') },
    ]);
  });

  it('are one state for all tenants of a template', async () => {
    const issuer = await startIssuer();
    const tenants = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];
    const template = `${issuer.origin}/{tenantid}/v2.0`;
    const { app } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ oidc: { issuer: template, tenants, clientId: 'nmp-cli' } })],
    });
    running.push(app, issuer);
    expect(app.get(IssuerKeys).states()).toMatchObject([{ issuer: template, kind: 'access' }]);
  });
});

/** A fetch in the background ends some time after the request that has begun it. */
async function untilFailed(problem: () => string | undefined): Promise<void> {
  while (problem() === undefined) await new Promise((resolve) => setImmediate(resolve));
}
