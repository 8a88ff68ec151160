import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthModule, Clock, JwtStrategy } from '@nmp/auth';
import { SigningKey, signJws } from '@nmp/auth/testing';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class AnswerController {
  @Get()
  answer() {
    return { ok: true };
  }
}

describe.each(adapters)('key rotation, outage and recovery under load on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  it('fail no request whose key is or was known, and cost a counted number of fetches', async () => {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    const { app, url } = await startApp(adapter, {
      imports: [AuthModule.forRoot({ cache: false, oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [AnswerController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app, issuer);
    const refused: number[] = [];
    const load = async (tokens: readonly string[]): Promise<void> => {
      const calls = Array.from({ length: 60 }, async (_, at) => {
        const headers = { authorization: `Bearer ${tokens[at % tokens.length]}` };
        const { status } = await fetch(url, { headers });
        if (status !== 200) refused.push(status);
      });
      await Promise.all(calls);
    };
    const life = { expiresInSeconds: 100_000 };

    const first = await issuer.accessToken(life);
    await load([first]);
    expect(issuer.requests.length).toBe(2); // the document and the keys, at start-up

    await issuer.rotateKeys();
    clock.advance(30);
    const second = await issuer.accessToken(life);
    await load([first, second]);
    expect(issuer.jwksFetches).toBe(2); // one for sixty requests with an unknown key id

    issuer.fail('refuse');
    clock.advance(600);
    await load([first, second]);
    clock.advance(3600);
    await load([first, second]);
    expect(issuer.jwksFetches).toBeLessThanOrEqual(4); // in the background, once after each advance

    issuer.recover();
    clock.advance(30);
    await load([first, second]);
    expect(refused).toEqual([]);
  });
});

describe('a token with one character changed', () => {
  it('is never accepted, wherever the character stands', async () => {
    const issuer = await startIssuer({ algorithm: 'RS256' });
    const { app } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
    });
    running(app, issuer);
    const strategy = app.get(JwtStrategy);
    const isAccepted = async (token: string): Promise<boolean> => {
      try {
        await strategy.run({ headers: { authorization: `Bearer ${token}` } });
        return true;
      } catch {
        return false;
      }
    };
    const token = await issuer.accessToken();
    expect(await isAccepted(token)).toBe(true);

    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. ';
    const accepted: number[] = [];
    for (let at = 0; at < token.length; at++) {
      const letters = at === token.length - 1 ? [...alphabet] : ['A', 'b', '-', '.', '='];
      for (const letter of letters) {
        if (letter === token[at]) continue;
        if (await isAccepted(token.slice(0, at) + letter + token.slice(at + 1))) accepted.push(at);
      }
    }
    expect(accepted).toEqual([]);
    for (const suffix of ['=', ' ', '\n', '!', '%', 'A', '.']) expect(await isAccepted(token + suffix)).toBe(false);
  });

  const started: { close(): Promise<unknown> }[] = [];
  const running = (...parts: { close(): Promise<unknown> }[]): void => void started.push(...parts);
  afterEach(async () => {
    await Promise.all(started.splice(0).map((part) => part.close()));
  });
});

describe('two copies of the signing key of an issuer', () => {
  it('are told apart by type where a key id is used twice', async () => {
    const issuer = await startIssuer({ algorithm: 'RS256' });
    const twin = await SigningKey.generate('ES256', issuer.signingKey.kid);
    issuer.publish([twin.jwk, issuer.signingKey.jwk]);
    const { app, url } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [AnswerController],
    });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer.issuer, sub: 'user-1', aud: 'nmp-cli', iat: now, exp: now + 60 };
    const tokens = [await issuer.accessToken(), signJws({ alg: 'ES256', kid: twin.kid }, claims, twin)];
    for (const token of tokens) {
      expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    }
    await Promise.all([app.close(), issuer.close()]);
  });
});
