import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Headers,
  HttpException,
  Injectable,
  Logger,
  Module,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  MemoryRevocation,
  type OidcOptions,
  Principal,
  RequireAudience,
  RequireAuthContext,
  RequireScopes,
} from '@nmp/auth';
import { IsString } from 'class-validator';
import { startIssuer } from './support/issuers.js';
import { adapters, type AppParts, rawRequest, startApp } from './support/http-apps.js';

class Note {
  @IsString()
  text!: string;
}

@Controller('notes')
class NotesController {
  @Get()
  list(@Principal() principal: Principal) {
    return { kind: principal.kind };
  }

  @Get('billing')
  @RequireAudience('billing')
  billing() {
    return {};
  }

  @Get('secret')
  @RequireAuthContext({ acr: ['phr', 'phrh'], maxAgeSeconds: 300 })
  secret() {
    return {};
  }

  @Get('me')
  me(@Principal() { id, groups, scopes }: Principal) {
    return { id, groups, scopes };
  }

  @Get('headers')
  headers(@Headers() headers: Record<string, string>) {
    return Object.keys(headers);
  }

  @Post()
  @RequireScopes('notes:write')
  write(@Principal() principal: Principal, @Body() note: Note) {
    return { by: principal.id, text: note.text };
  }
}

/** As applications have it: every HttpException answered in a form of their own, everything else with 500. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { mine: status }, status);
  }
}

describe.each(adapters)('AuthModule in an application on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
    jest.restoreAllMocks();
  });

  async function start(options: Partial<AuthModuleOptions & AuthModuleExtras> = {}, parts: Partial<AppParts> = {}) {
    const issuer = await startIssuer();
    const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', ...options.oidc };
    const imports = parts.imports ?? [AuthModule.forRoot({ ...options, oidc })];
    const { app, url } = await startApp(adapter, { controllers: [NotesController], ...parts, imports });
    running.push(app, issuer);
    const call = async (path: string, scope?: string, init: RequestInit = {}): Promise<Response> => {
      const authorization = `Bearer ${await issuer.accessToken({ scope: scope ?? 'openid' })}`;
      return fetch(`${url}${path}`, { ...init, headers: { authorization, ...init.headers } });
    };
    return { issuer, url, call };
  }

  it("sends its challenge through a stranger's catch-all filter", async () => {
    const { url, call } = await start(
      {},
      { configure: (app) => app.useGlobalFilters(new CatchAllFilter(app.get(HttpAdapterHost))) },
    );
    const missing = await fetch(`${url}/notes`);
    expect([missing.status, await missing.json()]).toEqual([401, { mine: 401 }]);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="nmp"');
    const unscoped = await call('/notes', 'notes:read', { method: 'POST' });
    expect([unscoped.status, await unscoped.json()]).toEqual([403, { mine: 403 }]);
    expect(unscoped.headers.get('www-authenticate')).toContain('scope="notes:write"');
  });

  it('hands the principal through a ValidationPipe that checks custom decorators', async () => {
    const pipe = new ValidationPipe({ transform: true, whitelist: true, validateCustomDecorators: true });
    const { call } = await start({}, { configure: (app) => app.useGlobalPipes(pipe) });
    const body = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const good = await call('/notes', 'notes:write', { ...body, body: '{"text":"hi"}' });
    expect([good.status, await good.json()]).toEqual([201, { by: 'user-1', text: 'hi' }]);
    expect((await call('/notes', 'notes:write', { ...body, body: '{"text":1}' })).status).toBe(400);
  });

  it('enforces scopes only where they are present, if told so', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const { call } = await start({ scopeEnforcement: 'when-present' });
    expect((await call('/notes', 'openid email', post)).status).toBe(201);
    expect((await call('/notes', 'notes:read', post)).status).toBe(403);
    expect((await call('/notes', 'models:write', post)).status).toBe(403);
    expect((await call('/notes', 'urn:somebody:else', post)).status).toBe(201);
    const strict = await start();
    expect((await strict.call('/notes', 'openid email', post)).status).toBe(403);
  });

  it('takes the scope prefix off', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const { call } = await start({ oidc: { scopePrefix: 'api://notes' } });
    expect((await call('/notes', 'api://notes/notes:write', post)).status).toBe(201);
    expect((await call('/notes', 'api://other/notes:write', post)).status).toBe(403);
  });

  it('drops identity headers from outside in every spelling', async () => {
    const { call } = await start();
    const forged = {
      'X-NMP-Principal-Id': 'admin',
      x_nmp_principal_email: 'admin@example.com',
      'X.NMP.Principal.Groups': 'admins',
      'X--NMP-Scopes': 'platform:write',
      'X-NMP-Principal-On-Behalf-Of': 'admin',
      'X-NMP-Trace': 'kept',
      'X-Request-Id': 'kept',
    };
    const names = (await (await call('/notes/headers', 'openid', { headers: forged })).json()) as string[];
    expect(names).toEqual(expect.arrayContaining(['x-nmp-trace', 'x-request-id', 'authorization']));
    expect(names.filter((name) => /principal|scopes/.test(name))).toEqual([]);
  });

  describe('behind a gateway', () => {
    const named = {
      'X-NMP-Principal-Id': 'user-7',
      'X-NMP-Principal-Groups': 'a%2Cb,c',
      'X-NMP-Scopes': 'notes:write',
    };
    const secret = 'a secret of the gateway';
    const proof = { 'x-gateway': secret };
    const ask = async (url: string, headers: Record<string, string>): Promise<[number, unknown]> => {
      const response = await fetch(`${url}/notes/me`, { headers });
      return [response.status, await response.json()];
    };
    const believed = [200, { id: 'user-7', groups: ['a,b', 'c'], scopes: ['notes:write'] }];
    const missing = [401, expect.objectContaining({ code: 'missing_token' })];

    it('believes its headers when every condition holds, and never beside a token', async () => {
      const { url, issuer } = await start({
        trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'], secretHeader: 'X-Gateway', secret },
      });
      expect(await ask(url, { ...named, ...proof })).toEqual(believed);
      expect(await ask(url, named)).toEqual(missing);
      expect(await ask(url, { ...named, 'x-gateway': `${secret}.` })).toEqual(missing);
      expect(await ask(url, proof)).toEqual(missing);
      const authorization = `Bearer ${await issuer.accessToken({ subject: 'user-1' })}`;
      expect(await ask(url, { ...named, ...proof, authorization })).toEqual([
        200,
        expect.objectContaining({ id: 'user-1' }),
      ]);
      expect((await ask(url, { ...named, ...proof, authorization: 'Bearer garbage' }))[0]).toBe(401);
    });

    it('does not believe a stranger who names the gateway as his origin', async () => {
      const { url } = await start({ trustedHeaders: { cidrs: ['10.0.0.0/8'], secretHeader: 'X-Gateway', secret } });
      const forwarded = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-real-ip': '10.0.0.1' };
      expect(await ask(url, { ...named, ...proof, ...forwarded })).toEqual(missing);
    });

    it.each([999, 1000, 1023, 1100])('is not believed where Node has left headers out: %i of them', async (count) => {
      const { url } = await start({ trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'] } });
      const pads = Array.from({ length: count }, () => 'A:');
      const lines = ['X-NMP-Principal-Id: user-7', 'X-NMP-Principal-On-Behalf-Of: user-8'];
      const request = ['GET /notes/me HTTP/1.1', 'Host: x', ...pads, ...lines];
      expect(await rawRequest(url, request)).toBe(400);
    });

    it('keeps its secret from the handlers', async () => {
      const { url } = await start({ trustedHeaders: { secretHeader: 'X-Gateway', secret } });
      const response = await fetch(`${url}/notes/headers`, { headers: { ...named, ...proof } });
      expect(await response.json()).not.toContain('x-gateway');
    });

    it('refuses headers that break a rule, came twice or in another spelling', async () => {
      const { url } = await start({ trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'] } });
      expect(await ask(url, named)).toEqual(believed);
      const odds: Record<string, string>[] = [
        { 'X-NMP-Principal-Id': 'a b' },
        { x_nmp_principal_id: 'user-8' },
        { 'X-NMP-Principal-Id': 'service:x' },
      ];
      for (const odd of odds) {
        expect(await ask(url, { ...named, ...odd })).toEqual([
          400,
          expect.objectContaining({ detail: expect.stringMatching(/^Header X-NMP/) }),
        ]);
      }
      const line = 'X-NMP-Principal-Id: user-7';
      const request = ['GET /notes/me HTTP/1.1', 'Host: 127.0.0.1', line];
      expect(await rawRequest(url, request)).toBe(200);
      expect(await rawRequest(url, [...request, line])).toBe(400);
    });
  });

  it('lets everybody in when switched off, and says so loudly', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { url } = await start({}, { imports: [AuthModule.forRoot({ enabled: false })] });
    const anonymous = await fetch(`${url}/notes`, { headers: { authorization: 'Bearer garbage' } });
    expect([anonymous.status, await anonymous.json()]).toEqual([200, { kind: 'anonymous' }]);
    expect(await (await fetch(`${url}/apis/auth/discovery`)).json()).toEqual({ auth_enabled: false, oidc: null });
    // Applications of other test files may be logging their end.
    const lines = warn.mock.calls.map(([line]) => String(line)).filter((line) => /authentication/i.test(line));
    expect(lines).toEqual([expect.stringContaining('AUTHENTICATION IS OFF')]);
  });

  it('writes nothing secret to the log', async () => {
    const lines: unknown[] = [];
    for (const level of ['log', 'warn', 'error', 'debug', 'verbose'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((...line: unknown[]) => void lines.push(...line));
    }
    const { url, issuer } = await start();
    const tokens = [
      await issuer.accessToken({ audience: 'other' }),
      await issuer.accessToken({ claims: { iss: 'https://other.example\u001b[31m' } }),
      `${await issuer.accessToken()}x`,
    ];
    for (const token of tokens) await fetch(`${url}/notes`, { headers: { authorization: `Bearer ${token}` } });
    const text = lines.map(String).join('\n');
    expect(text).toContain('token_audience');
    expect(text).not.toContain('\u001b');
    for (const token of tokens) for (const part of token.split('.')) expect(text).not.toContain(part);
  });

  it('says where its metadata is, and serves it there, whatever the prefix of the application', async () => {
    const { url, issuer } = await start(
      { publicUrl: 'https://api.example.com/notes' },
      { configure: (app) => void app.setGlobalPrefix('v1') },
    );
    const refused = await fetch(`${url}/v1/notes`);
    const at = 'https://api.example.com/.well-known/oauth-protected-resource/notes';
    expect(refused.headers.get('www-authenticate')).toBe(`Bearer realm="nmp", resource_metadata="${at}"`);
    const metadata = await fetch(`${url}${new URL(at).pathname}`);
    expect([metadata.status, metadata.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(await metadata.json()).toEqual({
      resource: 'https://api.example.com/notes',
      authorization_servers: [issuer.issuer],
      scopes_supported: ['notes:write'],
      bearer_methods_supported: ['header'],
    });
  });

  it('asks for another audience or a better sign-in where a route says so, of remembered tokens too', async () => {
    const { issuer, url } = await start({ oidc: { audience: ['notes', 'billing'] } });
    const status = async (path: string, claims: Record<string, unknown>): Promise<[number, string | null]> => {
      const token = await issuer.accessToken({ audience: ['notes'], claims });
      const headers = { authorization: `Bearer ${token}` };
      await fetch(`${url}/notes`, { headers });
      const response = await fetch(`${url}/notes/${path}`, { headers });
      return [response.status, response.headers.get('www-authenticate')];
    };
    const now = Math.floor(Date.now() / 1000);
    expect((await status('billing', { aud: ['notes', 'billing'] }))[0]).toBe(200);
    expect(await status('billing', {})).toEqual([401, expect.stringContaining('invalid_token')]);
    expect((await status('secret', { acr: 'phr', auth_time: now - 10 }))[0]).toBe(200);
    for (const weak of [{ acr: 'pwd', auth_time: now }, { acr: 'phr', auth_time: now - 301 }, { acr: 'phr' }, {}]) {
      expect(await status('secret', weak)).toEqual([
        401,
        expect.stringMatching(/error="insufficient_user_authentication".*acr_values="phr phrh", max_age="300"/),
      ]);
    }
  });

  it('refuses revoked tokens, remembered ones too, and everybody when it cannot find out', async () => {
    const revocation = new MemoryRevocation();
    const { issuer, url } = await start({ revocation });
    const [one, other] = [await issuer.accessToken({ claims: { jti: 'one' } }), await issuer.accessToken()];
    const status = async (token: string): Promise<[number, string]> => {
      const response = await fetch(`${url}/notes`, { headers: { authorization: `Bearer ${token}` } });
      return [response.status, ((await response.json()) as { code?: string }).code ?? 'none'];
    };
    expect([await status(one), await status(other)]).toEqual([
      [200, 'none'],
      [200, 'none'],
    ]);
    revocation.revokeToken(issuer.issuer, 'one', Date.now() / 1000 + 60);
    expect([await status(one), await status(other)]).toEqual([
      [401, 'token_revoked'],
      [200, 'none'],
    ]);
    revocation.revokeSubject(issuer.issuer, 'user-1', 3600);
    expect(await status(other)).toEqual([401, 'token_revoked']);
    revocation.isRevoked = () => {
      throw new Error('down');
    };
    expect(await status(other)).toEqual([503, 'issuer_unavailable']);
  });

  it.each<[string, () => unknown]>([
    ['no scope', () => RequireScopes('')],
    ['a list for a scope', () => RequireScopes(['a:b'] as never)],
    ['no audience', () => RequireAudience(' ')],
    ['no class', () => RequireAuthContext({ acr: [] })],
    ['nothing', () => RequireAuthContext({})],
    ['a misspelt age', () => RequireAuthContext({ acr: 'phr', maxAge: 5 } as never)],
    ['an age that is none', () => RequireAuthContext({ maxAgeSeconds: Number.NaN })],
  ])('takes no decorator that asks for %s', (_what, decorate) => {
    expect(decorate).toThrow(TypeError);
  });

  it('does not wait for a revocation store longer than for any other server', async () => {
    const revocation = { isRevoked: (): boolean | Promise<boolean> => false };
    const { url, issuer } = await start({ revocation, httpTimeoutMs: 500 });
    const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
    const ask = (): Promise<Response> => fetch(`${url}/notes`, { headers });
    while ((await ask()).status !== 200); // until the keys are there
    revocation.isRevoked = () => new Promise<boolean>(() => {});
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('trusts the listed tenants of a template, by issuer and tid together', async () => {
    const issuer = await startIssuer({ metadata: { issuer: 'https://login.example.com/{tenantid}/v2.0' } });
    running.push(issuer);
    const oidc = {
      issuer: 'https://login.example.com/{tenantid}/v2.0',
      clientId: 'nmp-cli',
      discoveryUrl: `${issuer.issuer}/.well-known/openid-configuration`,
      tenants: ['tenant-1', 'tenant-2'],
    };
    const { url } = await start({}, { imports: [AuthModule.forRoot({ oidc })] });
    const status = async (iss: string, tid?: string): Promise<number> => {
      const token = await issuer.accessToken({ claims: { iss: `https://login.example.com/${iss}/v2.0`, tid } });
      return (await fetch(`${url}/notes`, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    expect([await status('tenant-1', 'tenant-1'), await status('tenant-2', 'tenant-2')]).toEqual([200, 200]);
    expect([
      await status('tenant-1', 'tenant-2'),
      await status('tenant-1'),
      await status('tenant-3', 'tenant-3'),
    ]).toEqual([401, 401, 401]);
    expect([await status('{tenantid}', '{tenantid}'), await status('common', 'common')]).toEqual([401, 401]);
  });

  it('accepts what else the options allow, and only that', async () => {
    const verdicts = async (oidc: Partial<OidcOptions>, options: Partial<AuthModuleOptions>, claims: object[]) => {
      const { issuer, url } = await start({ ...options, oidc });
      return Promise.all(
        claims.map(async (odd) => {
          const token = await issuer.accessToken({ claims: { ...odd } });
          return (await fetch(`${url}/notes`, { headers: { authorization: `Bearer ${token}` } })).status;
        }),
      );
    };
    const foreign = [
      { aud: 'account' },
      { aud: undefined },
      { aud: ['account', 'other'] },
      { aud: 'account', client_id: 'x' },
    ];
    expect(await verdicts({ acceptAuthorizedParty: true }, {}, foreign)).toEqual([200, 200, 401, 401]);
    expect(await verdicts({}, {}, foreign)).toEqual([401, 401, 401, 401]);
    const parties = [{}, { client_id: 'x' }, { client_id: undefined }];
    expect(await verdicts({ authorizedParties: ['nmp-cli'] }, {}, parties)).toEqual([200, 401, 401]);
    const emails = [
      {},
      { email_verified: false },
      { email_verified: undefined },
      { email_verified: false, sub: 'nmp-cli' },
    ];
    expect(await verdicts({ requireVerifiedEmail: true }, {}, emails)).toEqual([200, 401, 401, 200]);
    const profiles = [{}, { jti: undefined }, { client_id: undefined }];
    expect(await verdicts({}, { profile: 'rfc9068' }, profiles)).toEqual([200, 401, 401]);
    expect(await verdicts({}, {}, profiles)).toEqual([200, 200, 200]);
    const age = [{}, { iat: Math.floor(Date.now() / 1000) - 1000 }];
    expect(await verdicts({}, { maxTokenAgeSeconds: 600 }, age)).toEqual([200, 401]);
  });

  describe('discovery', () => {
    const discovered = async (url: string, path = '/apis/auth/discovery'): Promise<unknown> => {
      const document = (await (await fetch(`${url}${path}`)).json()) as { oidc: unknown };
      return document.oidc;
    };

    it('is served stale while the provider is down, and with nulls when it never was up', async () => {
      const { url, issuer } = await start({ oidc: { discoveryCacheTtlSeconds: 0 } });
      const before = await discovered(url);
      issuer.fail('refuse');
      expect(await discovered(url)).toEqual(before);

      const dead = await startIssuer();
      await dead.close();
      const imports = [AuthModule.forRoot({ oidc: { issuer: dead.issuer, clientId: 'nmp-cli' } })];
      const without = await start({}, { imports });
      expect(await discovered(without.url)).toMatchObject({ issuer: dead.issuer, token_endpoint: null });
    });

    it('prefers configured endpoints, and asks nobody when all are configured', async () => {
      const issuer = await startIssuer();
      running.push(issuer);
      const endpoints = {
        tokenEndpoint: 'https://idp.example.com/t',
        deviceAuthorizationEndpoint: 'https://idp.example.com/d',
        authorizationEndpoint: 'https://idp.example.com/a',
        userinfoEndpoint: 'https://idp.example.com/u',
        jwksUri: issuer.jwksUri,
      };
      const loginParameters = { audience: 'https://api.example.com' };
      const oidc = { issuer: issuer.issuer, clientId: 'c', scopePrefix: 'api://nmp', loginParameters, ...endpoints };
      const { url } = await start({}, { imports: [AuthModule.forRoot({ oidc })] });
      expect(await discovered(url)).toMatchObject({
        token_endpoint: 'https://idp.example.com/t',
        device_authorization_endpoint: 'https://idp.example.com/d',
        scope_prefix: 'api://nmp/',
        login_parameters: loginParameters,
      });
      expect(issuer.requests.filter((path) => path !== '/jwks')).toEqual([]);
    });

    it('can be moved and switched off', async () => {
      const moved = await start({ discovery: { path: 'how-to-sign-in' } });
      expect(await discovered(moved.url, '/how-to-sign-in')).toMatchObject({ client_id: 'nmp-cli' });
      const off = await start({ discovery: false });
      expect((await fetch(`${off.url}/apis/auth/discovery`)).status).toBe(404);
    });
  });

  describe('forRootAsync', () => {
    it.each(['useFactory', 'useClass', 'useExisting'] as const)('takes options by %s', async (way) => {
      const issuer = await startIssuer();
      running.push(issuer);
      const options = { oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } };

      @Injectable()
      class Settings implements AuthOptionsFactory {
        createAuthOptions() {
          return options;
        }
      }

      @Module({ providers: [Settings], exports: [Settings] })
      class SettingsModule {}

      const definition = {
        useFactory: { useFactory: (settings: Settings) => settings.createAuthOptions(), inject: [Settings] },
        useClass: { useClass: Settings },
        useExisting: { useExisting: Settings },
      }[way];
      const imports = [AuthModule.forRootAsync({ imports: [SettingsModule], ...definition })];
      const { url } = await start({}, { imports });
      const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
      expect((await fetch(`${url}/notes`, { headers })).status).toBe(200);
      expect((await fetch(`${url}/notes`)).status).toBe(401);
    });
  });
});

describe('wrong options', () => {
  const problemsOf = async (options: unknown): Promise<readonly string[]> => {
    const building = Test.createTestingModule({
      imports: [AuthModule.forRoot(options as AuthModuleOptions)],
    }).compile();
    const error = await building.then(
      () => ({ problems: [] }),
      (reason: unknown) => reason as { problems: readonly string[] },
    );
    return error.problems;
  };
  const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };

  it('stop the bootstrap, all problems at once, each with its path', async () => {
    const problems = await problemsOf({
      enabled: 'yes',
      adminEmail: 'nobody',
      algorithms: ['RS256', 'none'],
      clockToleranceSeconds: 301,
      unknown: 1,
      oidc: {
        issuer: 'idp',
        clientId: '',
        audience: '',
        emailClaim: 'a..b"',
        additionalIssuers: ['https://ok.example', { issuer: 'x' }],
        isuer: 'typo',
      },
    });
    const paths = problems.map((problem) => problem.split(' ')[0] ?? '');
    expect(paths.toSorted()).toEqual([
      'adminEmail',
      'algorithms',
      'clockToleranceSeconds',
      'enabled',
      'oidc.additionalIssuers.1.issuer',
      'oidc.audience',
      'oidc.clientId',
      'oidc.emailClaim',
      'oidc.issuer',
      'oidc.isuer',
      'unknown',
    ]);
    expect(problems).toContain('oidc.issuer must be an https URL (plain http only on this machine)');
    expect(problems).toContain('unknown is not a known option');
    expect(problems).toContain('oidc.isuer is not a known option: did you mean issuer?');
    expect(await problemsOf({ oidc: { isuer: 'https://idp.example.com' } })).toEqual([
      expect.stringContaining('did you mean issuer?'),
      expect.stringContaining('oidc.issuer must be set'),
      expect.stringContaining('oidc.clientId must be set'),
    ]);
    expect(await problemsOf(undefined)).toEqual([
      expect.stringContaining('oidc.issuer must be set'),
      expect.any(String),
    ]);
  });

  it.each<[string, unknown, string]>([
    ['nothing at all', {}, 'oidc.issuer must be set'],
    ['no client', { oidc: { issuer: oidc.issuer } }, 'oidc.clientId must be set'],
    ['an undefined issuer', { oidc: { ...oidc, issuer: undefined } }, 'oidc.issuer must be set'],
    [
      'plain http to another machine',
      { oidc: { ...oidc, issuer: 'http://idp.example.com' } },
      'oidc.issuer must be an https',
    ],
    ['a null audience', { oidc: { ...oidc, audience: null } }, 'oidc.audience must not be null'],
    ['an empty list of audiences', { oidc: { ...oidc, audience: [] } }, 'oidc.audience must be a non-empty'],
    ['HMAC', { oidc, algorithms: ['HS256'] }, 'algorithms must be a non-empty list of RS256'],
    [
      'an issuer twice',
      { oidc: { ...oidc, additionalIssuers: [oidc.issuer] } },
      'oidc.additionalIssuers.0.issuer is listed twice',
    ],
    ['NaN seconds', { oidc, clockToleranceSeconds: Number.NaN }, 'clockToleranceSeconds must be'],
    ['seconds as text', { oidc, jwksCooldownSeconds: '30' }, 'jwksCooldownSeconds must be a whole number'],
    ['an unknown expiry', { oidc, websockets: { onExpiry: 'stay' } }, 'websockets.onExpiry must be "close" or "ask"'],
    ['a typo', { oidc, websockets: { graceSecond: 1 } }, 'websockets.graceSecond is not a known option: did you mean'],
    ['no options of sockets', { oidc, websockets: true }, 'websockets must be an object'],
    [
      'a template without tenants',
      { oidc: { ...oidc, issuer: 'https://x.example/{tenantid}' } },
      'oidc.tenants must list',
    ],
    ['tenants without a template', { oidc: { ...oidc, tenants: ['t'] } }, 'oidc.tenants needs an issuer with'],
    [
      'everybody as a tenant',
      { oidc: { ...oidc, issuer: 'https://x.example/{tenantid}', tenants: ['common'] } },
      'oidc.tenants must be ids',
    ],
    ['a revocation that cannot be asked', { oidc, revocation: {} }, 'revocation must be an object with'],
    ['trust without a condition', { oidc, trustedHeaders: {} }, 'trustedHeaders must name cidrs'],
    [
      'a service of an issuer nobody trusts',
      { oidc, serviceClients: [{ issuer: 'https://other.example.com', clientId: 'jobs', name: 'jobs' }] },
      'serviceClients.0.issuer must be oidc.issuer or one of oidc.additionalIssuers',
    ],
    [
      'two names for one client',
      { oidc, serviceClients: ['a', 'b'].map((name) => ({ issuer: oidc.issuer, clientId: 'jobs', name })) },
      'serviceClients.1.clientId is listed twice',
    ],
    [
      'a service with a name that could be another kind',
      { oidc, serviceClients: [{ issuer: oidc.issuer, clientId: 'jobs', name: 'group:x' }] },
      'serviceClients.0.name must be 1 to 63',
    ],
    ['a service without its client', { oidc, serviceClients: ['jobs'] }, 'serviceClients.0.clientId must be'],
    ['half a secret', { oidc, trustedHeaders: { secretHeader: 'x' } }, 'belong together'],
    [
      'a short secret',
      { oidc, trustedHeaders: { secretHeader: 'x', secret: 'short' } },
      'trustedHeaders.secret must be',
    ],
    ['no address range', { oidc, trustedHeaders: { cidrs: ['10.0.0.1/33'] } }, 'trustedHeaders.cidrs must be'],
    ['an unknown profile', { oidc, profile: 'oauth' }, 'profile must be'],
    ['a cache of nothing', { oidc, cache: { max: 0 } }, 'cache must be false or'],
    ['a time limit past what timers know', { oidc, httpTimeoutMs: 1e12 }, 'httpTimeoutMs must be a whole number'],
    ['a word for a list', { oidc, scopeAreas: 'models' }, 'scopeAreas must be a list'],
    ['an empty fragment', { oidc: { ...oidc, issuer: 'https://x.example/#' } }, 'oidc.issuer must be an https URL'],
    [
      'a parameter of the protocol',
      { oidc: { ...oidc, loginParameters: { Scope: 'x' } } },
      'oidc.loginParameters must map',
    ],
    ['a parameter without text', { oidc: { ...oidc, loginParameters: { a: 1 } } }, 'oidc.loginParameters must map'],
    ['a route for an address', { oidc, publicUrl: 'https://x.example/:id' }, 'publicUrl must have no query'],
    ['a query in an address', { oidc, publicUrl: 'https://x.example/?' }, 'publicUrl must have no query'],
  ])('%s', async (_what, options, problem) => {
    expect(await problemsOf(options)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it.each<[string, unknown]>([
    ['the least there must be', { oidc }],
    ['http on this machine', { oidc: { ...oidc, issuer: 'http://localhost:8081' } }],
    ['http elsewhere, if told so', { allowInsecureHttp: true, oidc: { ...oidc, issuer: 'http://idp.example.com' } }],
    ['everything off', { enabled: false }],
    ['OIDC off', { oidc: { enabled: false } }],
    ['no audience check', { oidc: { ...oidc, verifyAudience: false } }],
  ])('are none of these: %s', async (_what, options) => {
    expect(await problemsOf(options)).toEqual([]);
  });
});
