import type { Server, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, type INestApplication, Logger, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { AuthModule, type AuthModuleOptions, Clock, OptionalAuth, Principal, Public, RequireScopes } from '@nmp/auth';
import { UNSIGNED_TOKENS, writeUnsignedToken } from '@nmp/tokens';
import supertest from 'supertest';
import { startIssuer } from './support/issuers.js';
import { adapters, startApp } from './support/http-apps.js';
import { SetClock } from './support/set-clock.js';
import { Wire } from './support/wire.js';

@Controller()
class WhoController {
  @Get('me')
  me(@Principal() principal: Principal) {
    return { kind: principal.kind, id: principal.id, email: principal.email, groups: principal.groups };
  }

  @Post('me')
  change(@Principal() principal: Principal) {
    return { id: principal.id };
  }

  @Get('scoped')
  @RequireScopes('models:read')
  scoped() {
    return {};
  }

  @Get('open')
  @Public()
  open(@Principal() principal: Principal) {
    return { kind: principal.kind };
  }

  @Get('optional')
  @OptionalAuth()
  optional(@Principal() principal: Principal) {
    return { kind: principal.kind };
  }
}

const clock = new SetClock();
const seconds = clock.now().getTime() / 1000;
const alice = { email: 'alice@example.com' };
const token = writeUnsignedToken(alice, seconds, 3600);
const bearer = { Authorization: `Bearer ${token}` };
const byHeader = { 'X-NMP-Principal-Id': 'alice@example.com' };
const options: AuthModuleOptions = { allowUnsignedJwt: true, oidc: { enabled: false }, scopeAreas: ['models'] };

describe.each(adapters)('unsigned tokens on %s', (adapter) => {
  let app: INestApplication;
  let url: string;
  let port: number;

  beforeAll(async () => {
    ({ app, url } = await startApp(adapter, {
      imports: [AuthModule.forRoot(options)],
      controllers: [WhoController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    }));
    port = (app.getHttpServer() as Server).address() === null ? 0 : Number(new URL(url).port);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => app.close());

  const me = (headers: Record<string, string>): supertest.Test => supertest(url).get('/me').set(headers);
  const refusal = (sentence: RegExp) => ({
    statusCode: 403,
    error: 'Forbidden',
    code: 'access_denied',
    detail: expect.stringMatching(sentence),
  });

  describe('from a program on this machine', () => {
    it('are believed, whether they come in a token or in a header', async () => {
      const person = { kind: 'user', id: 'alice@example.com', email: 'alice@example.com', groups: [] };
      for (const headers of [bearer, byHeader]) {
        const { status, body } = await me(headers);
        expect({ status, body }).toEqual({ status: 200, body: person });
      }
      const groups = { ...byHeader, 'X-NMP-Principal-Groups': 'team-ml,service:jobs' };
      expect((await me(groups)).body).toEqual({ ...person, groups: ['team-ml'] });
    });

    it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:1', '127.1.2.3', '[::1]', '[::1]:8080'])(
      'may call it %s',
      async (host) => {
        await me({ ...bearer, Host: host }).expect(200);
      },
    );

    it('may change something, as Node itself sends it', async () => {
      const answer = await fetch(`${url}/me`, { method: 'POST', headers: byHeader });
      expect(answer.status).toBe(201);
    });

    it('are held to their scopes', async () => {
      const scoped = (headers: Record<string, string>): supertest.Test => supertest(url).get('/scoped').set(headers);
      await scoped(bearer).expect(403);
      await scoped({ ...byHeader, 'X-NMP-Scopes': 'models:read' }).expect(200);
      const reading = writeUnsignedToken({ ...alice, scopes: ['models:read'] }, seconds, 3600);
      await scoped({ Authorization: `Bearer ${reading}` }).expect(200);
    });

    it('are not needed where nobody has to sign in', async () => {
      expect((await supertest(url).get('/open').set(byHeader)).body).toEqual({ kind: 'anonymous' });
      expect((await supertest(url).get('/optional')).body).toEqual({ kind: 'anonymous' });
      expect((await supertest(url).get('/optional').set(bearer)).body).toEqual({ kind: 'user' });
      await me({}).expect(401);
    });

    it('are told of by discovery', async () => {
      const { body } = await supertest(url).get('/apis/auth/discovery').expect(200);
      expect(body).toEqual({ auth_enabled: true, allow_unsigned_jwt: true, oidc: null });
    });
  });

  describe('what a page in the browser of a developer can send', () => {
    it.each([
      ['a request to another site', { Origin: 'https://evil.example' }, /page in a browser: it has the header origin/],
      ['a request out of a frame or a file', { Origin: 'null' }, /page in a browser/],
      ['a request of another server on this machine', { Origin: 'http://localhost:3000' }, /page in a browser/],
      ['a link of a page', { Referer: 'http://evil.example/' }, /page in a browser: it has the header referer/],
      ['a request without Origin', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }, /page in a browser/],
      ['a request of its own site', { 'Sec-Fetch-Site': 'same-origin' }, /page in a browser/],
      ['a name that was made to lead here', { Host: 'evil.example' }, /Host header does not name this machine/],
      ['such a name with the port', { Host: 'evil.example:8080' }, /Host header/],
      ['a name that begins like one of here', { Host: '127.0.0.1.evil.example' }, /Host header/],
      ['a name that ends like one of here', { Host: 'evil.localhost' }, /Host header/],
      ['a name with a dot at its end', { Host: 'localhost.' }, /Host header/],
      ['an address of every interface', { Host: '0.0.0.0' }, /Host header/],
      ['a name with a user', { Host: 'evil.example@localhost' }, /Host header/],
    ])('is refused: %s', async (_what, headers, sentence) => {
      for (const identity of [bearer, byHeader]) {
        const { status, body } = await me({ ...identity, ...headers });
        expect({ status, body }).toEqual({ status: 403, body: refusal(sentence) });
      }
      const { status } = await supertest(url)
        .post('/me')
        .set({ ...byHeader, ...headers });
      expect(status).toBe(403);
    });

    it('is refused although signing in is optional, and is nobody without an identity', async () => {
      const page = { Origin: 'https://evil.example' };
      await supertest(url)
        .get('/optional')
        .set({ ...byHeader, ...page })
        .expect(403);
      await me(page).expect(401);
      await supertest(url)
        .get('/open')
        .set({ ...byHeader, ...page })
        .expect(200, { kind: 'anonymous' });
    });

    it('gets no leave to send the headers: a preflight is not answered with it', async () => {
      const { headers } = await supertest(url).options('/me').set({
        Origin: 'https://evil.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'x-nmp-principal-id',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    });
  });

  describe('what comes from another machine', () => {
    it.each(['192.0.2.7', '10.0.0.1', '172.17.0.1', '::ffff:192.0.2.7', 'fe80::1', '2001:db8::1'])(
      'is refused: %s',
      async (remoteAddress) => {
        const server = app.getHttpServer() as Server;
        server.once('connection', (socket: Socket) => {
          Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
        });
        const { status, body } = await me({ ...bearer, Connection: 'close' });
        expect({ status, body }).toEqual({ status: 403, body: refusal(/another machine, or out of a container/) });
      },
    );

    it.each(['0.0.0.0', '::', '192.0.2.1', '2001:db8::2'])(
      'could be anything where the server listens at %s, and so is what comes from here',
      async (address) => {
        jest.spyOn(app.getHttpServer() as Server, 'address').mockReturnValue({ address, port, family: 'IPv4' });
        const { status, body } = await me(bearer);
        expect({ status, body }).toEqual({
          status: 403,
          body: refusal(/server listens at .*other machines may reach/),
        });
        await me(byHeader).expect(403);
      },
    );

    it.each([['/run/nmp.sock'], [null]])('cannot be told where the server listens at %s', async (address) => {
      jest.spyOn(app.getHttpServer() as Server, 'address').mockReturnValue(address);
      await me(bearer).expect(403);
    });
  });

  describe('what a reverse proxy on this machine passes on', () => {
    it.each([
      ['Forwarded', 'for=192.0.2.7'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['X-Forwarded-For', ''],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', 'localhost'],
      ['X-Forwarded-Server', 'proxy'],
      ['X-Real-IP', '127.0.0.1'],
      ['Via', '1.1 proxy'],
      ['X-Client-IP', '127.0.0.1'],
      ['True-Client-IP', '127.0.0.1'],
      ['CF-Connecting-IP', '192.0.2.7'],
      ['X-Envoy-External-Address', '192.0.2.7'],
      ['X-Original-Forwarded-For', '192.0.2.7'],
      ['X_Forwarded_For', '192.0.2.7'],
      ['Client-IP', '192.0.2.7'],
    ])('is refused for %s: %s', async (name, value) => {
      for (const identity of [bearer, byHeader]) {
        const { status, body } = await me({ ...identity, [name]: value });
        expect({ status, body }).toEqual({
          status: 403,
          body: refusal(new RegExp(`through a proxy: it has the header ${name.toLowerCase()}$`)),
        });
      }
    });

    it.each([
      ['in the form of its target', 'GET http://evil.example/me HTTP/1.1', ['Host: localhost']],
      ['in the version that it speaks', 'GET /me HTTP/1.0', ['Host: 127.0.0.1']],
      ['with two hosts', 'GET /me HTTP/1.1', ['Host: localhost', 'Host: evil.example']],
      ['with two hosts of here', 'GET /me HTTP/1.1', ['Host: localhost', 'Host: localhost']],
    ])('is refused %s', async (_what, line, headers) => {
      const wire = await Wire.open(port);
      wire.send(line, ...headers, `Authorization: Bearer ${token}`, 'Connection: close', '', '');
      expect((await wire.rest()).status).toBeGreaterThanOrEqual(400);
    });

    it('is refused where so many headers came that some of them are not to be seen', async () => {
      const wire = await Wire.open(port);
      const many = Array.from({ length: 1200 }, () => 'A:');
      wire.send('GET /me HTTP/1.1', 'Host: localhost', 'Connection: close', `Authorization: Bearer ${token}`);
      wire.send('', ...many, 'X-Forwarded-For: 192.0.2.7', '', '');
      expect((await wire.rest()).status).toBe(400);
    });
  });

  describe('what no program of ours writes', () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [header = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;

    it.each([
      ['a signature', `${token}c2ln`, 'token_algorithm'],
      ['another spelling of none', `${part({ alg: 'None', typ: 'JWT' })}.${payload}.`, 'token_algorithm'],
      ['an algorithm and no signature', `${part({ alg: 'RS256', typ: 'JWT' })}.${payload}.`, 'token_algorithm'],
      ['a key id', `${part({ alg: 'none', typ: 'JWT', kid: 'x' })}.${payload}.`, 'token_algorithm'],
      ['another audience', `${header}.${part({ ...claims, aud: 'nmp-platform' })}.`, 'token_audience'],
      ['the name of a service', writeUnsignedToken({ email: 'service:a@b' }, seconds, 60), 'token_claims'],
      ['a life of a day', writeUnsignedToken(alice, seconds, 86_400), 'token_claims'],
      ['an end that is over', writeUnsignedToken(alice, seconds - 7200, 3600), 'token_expired'],
    ])('is refused: %s', async (_what, written, code) => {
      const { status, body } = await me({ Authorization: `Bearer ${written}` });
      expect({ status, code: (body as { code: string }).code }).toEqual({ status: 401, code });
    });

    it.each<[string, Record<string, string>]>([
      ['an id that is no e-mail address', { 'X-NMP-Principal-Id': 'alice' }],
      ['a service', { 'X-NMP-Principal-Id': 'service:jobs' }],
      ['everybody', { 'X-NMP-Principal-Id': '*' }],
      ['another e-mail address', { ...byHeader, 'X-NMP-Principal-Email': 'bob@example.com' }],
      ['somebody to act for', { ...byHeader, 'X-NMP-Principal-On-Behalf-Of': 'bob' }],
      ['another spelling', { X_NMP_Principal_Id: 'alice@example.com' }],
    ])('is refused: a header with %s', async (_what, headers) => {
      await me(headers).expect(400);
    });

    it('is refused: two tokens, of which one is unsigned', async () => {
      const wire = await Wire.open(port);
      wire.send('GET /me HTTP/1.1', 'Host: localhost', 'Connection: close');
      wire.send('', `Authorization: Bearer ${token}`, 'Authorization: Bearer x', '', '');
      expect((await wire.rest()).status).toBe(400);
    });

    it('comes after a token: a header does not make good what a token spoils', async () => {
      await me({ ...byHeader, Authorization: 'Bearer a.b.c' }).expect(401);
      expect((await me({ 'X-NMP-Principal-Id': 'bob@example.com', ...bearer })).body).toMatchObject(alice);
      await me({ ...byHeader, Authorization: 'Basic x' }).expect(401);
    });
  });

  it('end after half a day, however long they may be used otherwise', async () => {
    clock.advance(UNSIGNED_TOKENS.maxLifeSeconds + 31);
    await me(bearer).expect(401);
    clock.advance(-UNSIGNED_TOKENS.maxLifeSeconds - 31);
    await me(bearer).expect(200);
  });
});

describe('without the option', () => {
  it('unsigned tokens and headers are nothing', async () => {
    const issuer = await startIssuer();
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli' };
    for (const given of [{ oidc }, { oidc, allowUnsignedJwt: false }, { oidc: { enabled: false } }]) {
      const { app, url } = await startApp('express', {
        imports: [AuthModule.forRoot(given)],
        controllers: [WhoController],
      });
      const code = async (headers: Record<string, string>): Promise<unknown> =>
        ((await supertest(url).get('/me').set(headers)).body as { code: unknown }).code;
      expect(await code({ Authorization: `Bearer ${writeUnsignedToken(alice, Date.now() / 1000, 60)}` })).toBe(
        'token_algorithm',
      );
      expect(await code(byHeader)).toBe('missing_token');
      expect((await supertest(url).get('/apis/auth/discovery')).body).not.toHaveProperty('allow_unsigned_jwt');
      await app.close();
    }
    await issuer.close();
  });
});

describe('at the start', () => {
  const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };
  const ownTokens = { issuer: 'https://a.example.com', audience: 'b' };
  const keys = { ...ownTokens, keys: () => Promise.resolve([]), isActive: () => true };

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, AuthModuleOptions, RegExp]>([
    ['an identity provider', { oidc }, /does not go with an identity provider: .*oidc\.enabled: false/],
    ['trusted headers', { ...options, trustedHeaders: { cidrs: ['127.0.0.0/8'] } }, /does not go with trustedHeaders/],
    ['hop tokens', { ...options, hop: ownTokens }, /does not go with hop/],
    ['access keys', { ...options, accessKeys: keys }, /does not go with accessKeys/],
    ['a name that others know', { ...options, publicUrl: 'https://nmp.example.com' }, /publicUrl is not on it/],
  ])('the option is refused beside %s', async (_what, given, message) => {
    const imports = [AuthModule.forRoot({ ...given, allowUnsignedJwt: true })];
    await expect(startApp('express', { imports })).rejects.toThrow(message);
  });

  it('is told loudly, and again where other machines could come', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { app } = await startApp('express', { imports: [AuthModule.forRoot(options)] });
    await app.close();
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^UNSIGNED TOKENS ARE ACCEPTED .*every program on this machine/)],
    ]);
    expect(error.mock.calls).toEqual([]);

    const exposed = { address: '0.0.0.0', port: 1, family: 'IPv4' };
    const { app: second } = await startApp('express', {
      imports: [AuthModule.forRoot(options)],
      configure: (made) => {
        jest.spyOn(made.getHttpServer() as Server, 'address').mockReturnValue(exposed);
      },
    });
    await second.close();
    expect(error.mock.calls).toEqual([
      [expect.stringMatching(/^The server listens at 0\.0\.0\.0: unsigned tokens are refused/)],
    ]);
  });
});

describe('AuthGuard of @nestjs/passport on a public route', () => {
  @Controller()
  @Public()
  class PassportController {
    @Get('me')
    @UseGuards(AuthGuard('jwt'))
    me(): object {
      return {};
    }
  }

  it('takes an unsigned token under the same conditions', async () => {
    const { app, url } = await startApp('express', {
      imports: [AuthModule.forRoot(options)],
      controllers: [PassportController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    await supertest(url).get('/me').set(bearer).expect(200);
    await supertest(url)
      .get('/me')
      .set({ ...bearer, Origin: 'https://evil.example' })
      .expect(403);
    await app.close();
  });
});
