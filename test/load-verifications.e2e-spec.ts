import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, JwtStrategy } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { adapters, type AdapterName, startApp } from './support/http-apps.js';
import { firstOf, HeldRequests } from './support/held-requests.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class AnswerController {
  @Get()
  answer() {
    return { ok: true };
  }
}

const running: { close(): Promise<unknown> }[] = [];
const life = { expiresInSeconds: 100_000 };

afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.close()));
});

describe.each(adapters)('more tokens than may wait to be verified, on %s', (adapter) => {
  it('are answered 503 with Retry-After, while remembered ones and those with known keys pass', async () => {
    const held = new HeldRequests();
    const clock = new SetClock();
    const { issuer, url } = await start(adapter, clock, { maxPendingVerifications: 2, fetch: held.fetch });
    const remembered = await issuer.accessToken(life);
    expect((await get(url, remembered)).status).toBe(200);
    const ofKnownKey = await issuer.accessToken(life);

    await issuer.rotateKeys();
    const ofUnknownKey = await issuer.accessToken(life);
    clock.advance(60);
    held.isHolding = true;
    // Of five, whichever come first get the two places.
    const answers = Array.from({ length: 5 }, () => get(url, ofUnknownKey));
    const [refused] = await firstOf(answers, 3);

    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused?.headers.get('www-authenticate')).toBeNull();
    expect(await refused?.json()).toEqual({
      statusCode: 503,
      error: 'Service Unavailable',
      code: 'overloaded',
      detail: 'Too many requests at once',
    });
    expect((await get(url, remembered)).status).toBe(200);
    expect((await get(url, ofKnownKey)).status).toBe(200);

    held.letGo();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 200, 503, 503, 503]);
    expect((await get(url, ofUnknownKey)).status).toBe(200);
  });
});

describe('signatures that are being checked', () => {
  it('are not more than the limit; when they are done others are', async () => {
    const { app, issuer, url } = await start('fastify', new SetClock(), { maxPendingVerifications: 2, cache: false });
    const token = await issuer.accessToken(life);
    expect((await get(url, token)).status).toBe(200); // the keys are there
    const strategy = app.get(JwtStrategy);
    const verdictOn = async (): Promise<string> => {
      try {
        return (await strategy.run({ headers: { authorization: `Bearer ${token}` } })).kind;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };

    const atOnce = await Promise.all([verdictOn(), verdictOn(), verdictOn()]);
    expect(atOnce).toEqual(['user', 'user', 'overloaded']);
    expect(await verdictOn()).toBe('user');
  });
});

function get(url: string, token: string): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${token}` } });
}

async function start(adapter: AdapterName, clock: SetClock, options: AuthModuleOptions) {
  const issuer: TestIssuer = await startIssuer({ clock });
  const { app, url } = await startApp(adapter, {
    imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' }, ...options })],
    controllers: [AnswerController],
    override: (builder) => builder.overrideProvider(Clock).useValue(clock),
  });
  running.push(app, issuer);
  return { app, issuer, url };
}
