import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Injectable,
  Logger,
  Module,
  ValidationPipe,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  AuthModule,
  type AuthModuleOptions,
  type AuthOptionsFactory,
  MemoryRevocation,
  type OidcOptions,
  RequireAudience,
  RequireAuthContext,
  RequireScopes,
} from '@nmp/auth';
import { adapters } from './support/http-apps.js';
import { NotesApps } from './support/notes-apps.js';

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
  const apps = new NotesApps(adapter);

  afterEach(async () => {
    await apps.close();
    jest.restoreAllMocks();
  });

  it("sends its challenge through a stranger's catch-all filter", async () => {
    const { url, call } = await apps.start(
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
    const { call } = await apps.start({}, { configure: (app) => app.useGlobalPipes(pipe) });
    const body = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const good = await call('/notes', 'notes:write', { ...body, body: '{"text":"hi"}' });
    expect([good.status, await good.json()]).toEqual([201, { by: 'user-1', text: 'hi' }]);
    expect((await call('/notes', 'notes:write', { ...body, body: '{"text":1}' })).status).toBe(400);
  });

  it('enforces scopes only where they are present, if told so', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const { call } = await apps.start({ scopeEnforcement: 'when-present' });
    expect((await call('/notes', 'openid email', post)).status).toBe(201);
    expect((await call('/notes', 'notes:read', post)).status).toBe(403);
    expect((await call('/notes', 'models:write', post)).status).toBe(403);
    expect((await call('/notes', 'urn:somebody:else', post)).status).toBe(201);
    const strict = await apps.start();
    expect((await strict.call('/notes', 'openid email', post)).status).toBe(403);
  });

  it('takes the scope prefix off', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const { call } = await apps.start({ oidc: { scopePrefix: 'api://notes' } });
    expect((await call('/notes', 'api://notes/notes:write', post)).status).toBe(201);
    expect((await call('/notes', 'api://other/notes:write', post)).status).toBe(403);
  });

  it('drops identity headers from outside in every spelling', async () => {
    const { call } = await apps.start();
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

  it('lets everybody in when switched off, and says so loudly', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { url } = await apps.start({}, { imports: [AuthModule.forRoot({ enabled: false })] });
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
    const { url, issuer } = await apps.start();
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
    const { url, issuer } = await apps.start(
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
    const { issuer, url } = await apps.start({ oidc: { audience: ['notes', 'billing'] } });
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
    const { issuer, url } = await apps.start({ revocation });
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
    const { url, issuer } = await apps.start({ revocation, httpTimeoutMs: 500 });
    const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
    const ask = (): Promise<Response> => fetch(`${url}/notes`, { headers });
    while ((await ask()).status !== 200); // until the keys are there
    revocation.isRevoked = () => new Promise<boolean>(() => {});
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('trusts the listed tenants of a template, by issuer and tid together', async () => {
    const issuer = await apps.startIssuer({ metadata: { issuer: 'https://login.example.com/{tenantid}/v2.0' } });
    const oidc = {
      issuer: 'https://login.example.com/{tenantid}/v2.0',
      clientId: 'nmp-cli',
      discoveryUrl: `${issuer.issuer}/.well-known/openid-configuration`,
      tenants: ['tenant-1', 'tenant-2'],
    };
    const { url } = await apps.start({}, { imports: [AuthModule.forRoot({ oidc })] });
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
      const { issuer, url } = await apps.start({ ...options, oidc });
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

  describe('forRootAsync', () => {
    it.each(['useFactory', 'useClass', 'useExisting'] as const)('takes options by %s', async (way) => {
      const issuer = await apps.startIssuer();
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
      const { url } = await apps.start({}, { imports });
      const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
      expect((await fetch(`${url}/notes`, { headers })).status).toBe(200);
      expect((await fetch(`${url}/notes`)).status).toBe(401);
    });
  });
});
