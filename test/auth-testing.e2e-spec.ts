import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuthConfig,
  AuthModule,
  type AuthModuleOptions,
  Clock,
  type FetchFunction,
  OptionalAuth,
  Principal,
  RequireScopes,
} from '@nmp/auth';
import { asPrincipal, authTestingConfig, authTestingModule, type TestCaller, TestCallers } from '@nmp/auth/testing';
import request from 'supertest';
import { adapters, type AppParts, startApp } from './support/http-apps.js';
import { SetClock } from './support/set-clock.js';

@Controller('me')
class MeController {
  @Get()
  @OptionalAuth()
  me(@Principal() { claims: _claims, expiresAt: _expiresAt, ...principal }: Principal) {
    return principal;
  }

  @Get('scoped')
  @RequireScopes('models:read')
  scoped() {
    return {};
  }
}

@Module({ controllers: [MeController] })
class MeModule {}

const main = 'https://idp.example.com';
const oidc = { issuer: main, clientId: 'models-api' };

describe.each(adapters)('authTestingModule on %s', (adapter) => {
  const running: INestApplication[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
  });

  async function start(parts: Partial<AppParts>): Promise<INestApplication> {
    const { app } = await startApp(adapter, { imports: [], ...parts });
    running.push(app);
    return app;
  }

  const startWith = (options: AuthModuleOptions = {}, parts: Partial<AppParts> = {}): Promise<INestApplication> =>
    start({ imports: [authTestingModule(options), MeModule], ...parts });

  /** What the application makes of a caller: the principal, or the code of the refusal. */
  async function seen(app: INestApplication, caller: TestCaller, path = '/me'): Promise<unknown> {
    const { body } = await request(app.getHttpServer()).get(path).use(asPrincipal(caller));
    const { code } = body as { code?: string };
    return code ?? body;
  }

  it('lets requests be whose they are said to be', async () => {
    const app = await startWith();
    const alice = { email: 'alice@example.com', scopes: ['models:read', 'openid'], groups: ['team-ml', 'a b'] };
    expect(await seen(app, alice)).toEqual({
      kind: 'user',
      id: 'id-of-alice@example.com',
      email: 'alice@example.com',
      emailVerified: true,
      groups: ['team-ml', 'a b'],
      groupsOverage: false,
      scopes: ['models:read', 'openid'],
      issuer: 'https://issuer.example',
      clientId: 'test-client',
    });
    expect(await seen(app, {})).toMatchObject({ kind: 'user', email: 'user@example.com', scopes: [], groups: [] });
    expect(await seen(app, { id: 'alice', emailVerified: false })).toMatchObject({ id: 'alice', emailVerified: false });
    expect(await seen(app, { client: 'jobs' })).toMatchObject({ kind: 'client', id: 'jobs', clientId: 'jobs' });
    await request(app.getHttpServer())
      .get('/me')
      .expect(200, /"kind":"anonymous"/);
  });

  it.each<[string, TestCaller]>([
    ['token_expired', { expiresInSeconds: -60 }],
    ['token_audience', { audience: 'another-api' }],
    ['token_issuer', { claims: { iss: 'https://other.example.com' } }],
    ['token_claims', { claims: { exp: undefined } }],
  ])('really verifies: %s', async (code, caller) => {
    expect(await seen(await startWith(), caller)).toBe(code);
  });

  it('asks for the scopes of handlers', async () => {
    const app = await startWith({ oidc: { scopePrefix: 'api://models/' } });
    expect(await seen(app, { scopes: ['models:read'] }, '/me/scoped')).toEqual({});
    expect(await seen(app, { scopes: ['models:write'] }, '/me/scoped')).toBe('insufficient_scope');
    const [, claims = ''] = TestCallers.of(app)
      .token({ scopes: ['models:read', 'openid'] })
      .split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      scope: 'api://models/models:read openid',
    });
    expect(await seen(app, {}, '/me/scoped')).toBe('insufficient_scope');
  });

  it('puts everything where the application looks for it', async () => {
    const app = await startWith({
      profile: 'rfc9068',
      algorithms: ['PS256'],
      serviceClients: [{ issuer: main, clientId: 'jobs', name: 'nightly' }],
      oidc: {
        ...oidc,
        audience: 'https://models.example.com',
        authorizedParties: ['models-web', 'jobs'],
        emailClaim: ['https://models.example.com/email', 'email'],
        subjectClaim: 'employee.number',
        groupsClaim: 'realm_access.roles',
        requireVerifiedEmail: true,
        additionalIssuers: [{ issuer: 'https://partners.example.com', audience: 'partners' }],
      },
    });
    const alice = { email: 'alice@example.com', id: '7', groups: ['a'] };
    expect(await seen(app, alice)).toMatchObject({ ...alice, issuer: main, clientId: 'models-web' });
    expect(await seen(app, { client: 'jobs' })).toMatchObject({ kind: 'service', id: 'service:nightly' });
    expect(await seen(app, { ...alice, emailVerified: false })).toBe('token_claims');
    const partner = { ...alice, issuer: 'https://partners.example.com' };
    expect(await seen(app, partner)).toMatchObject({ ...partner, clientId: 'models-web' });
    expect(() => TestCallers.of(app).token({ issuer: 'https://other.example.com' })).toThrow(
      `does not trust https://other.example.com: the issuers that can be played are ${main}, https://partners.example.com`,
    );
  });

  it('plays a provider of several tenants', async () => {
    const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
    const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0';
    const app = await startWith({ oidc: { issuer, tenants: [tenant], clientId: 'models-api' } });
    const alice = { email: 'alice@example.com', kind: 'user', issuer: issuer.replace('{tenantid}', tenant) };
    expect(await seen(app, { email: 'alice@example.com' })).toMatchObject(alice);
  });

  it('plays the platform whose hop tokens are accepted', async () => {
    const hop = { issuer: 'https://platform.example.com/apis/auth', audience: 'models' };
    const app = await startWith({ oidc: { enabled: false }, hop });
    const alice = { email: 'alice@example.com', groups: ['team-ml'], scopes: ['models:read'] };
    expect(await seen(app, alice)).toMatchObject({ ...alice, kind: 'user', issuer: main });
    expect(await seen(app, { client: 'jobs' })).toMatchObject({ kind: 'client', id: 'jobs', clientId: 'jobs' });
    expect(await seen(app, { audience: 'others' })).toBe('token_audience');
  });

  it('publishes how to sign in, as the application would', async () => {
    const app = await startWith({ oidc });
    const { body } = await request(app.getHttpServer()).get('/apis/auth/discovery').expect(200);
    expect(body).toMatchObject({ oidc: { issuer: main, client_id: 'models-api', token_endpoint: `${main}/token` } });
    const bare = await start({ imports: [authTestingModule({ discovery: false }), MeModule] });
    await request(bare.getHttpServer()).get('/apis/auth/discovery').expect(404);
  });

  it('knows the callers of one application from those of another', async () => {
    const [one, other] = [await startWith(), await startWith({ oidc: { ...oidc, scopePrefix: 'api://models/' } })];
    expect(await seen(one, {})).toMatchObject({ issuer: 'https://issuer.example' });
    expect(await seen(other, {})).toMatchObject({ issuer: main });
    const headers = TestCallers.of(one).headers();
    await request((await startWith()).getHttpServer())
      .get('/me')
      .set(headers)
      .expect(401, /token_key/);
  });

  it('finds the application behind an agent, and behind an address', async () => {
    const app = await startWith();
    const agent = request.agent(app.getHttpServer()).use(asPrincipal({ email: 'alice@example.com' }));
    await agent.get('/me').expect(200, /alice@example.com/);
    await request(await app.getUrl())
      .get('/me')
      .use(asPrincipal({ id: 'bob' }))
      .expect(200, /"id":"bob"/);
  });

  it('takes the time from the clock of the application', async () => {
    const clock = new SetClock('2040-01-01T00:00:00Z');
    const override: AppParts['override'] = (builder) => builder.overrideProvider(Clock).useValue(clock);
    const app = await startWith({}, { override });
    const headers = TestCallers.of(app).headers({ id: 'alice', expiresInSeconds: 3600 });
    await request(app.getHttpServer()).get('/me').set(headers).expect(200, /alice/);
    clock.advance(7200);
    await request(app.getHttpServer())
      .get('/me')
      .set(headers)
      .expect(401, /token_expired/);
  });

  it('says what is missing where the issuers are real', async () => {
    const app = await start({ imports: [AuthModule.forRoot({ oidc }), MeModule] });
    expect(() => request(app.getHttpServer()).get('/me').use(asPrincipal({}))).toThrow('import authTestingModule()');
    expect(() => TestCallers.of(app)).toThrow('This application has real issuers');
    expect(() => authTestingModule({ clockToleranceSeconds: -1 })).toThrow('clockToleranceSeconds');
    const open = await startWith({ enabled: false });
    expect(() => TestCallers.of(open).token()).toThrow('the issuers that can be played are none');
  });

  describe('with authTestingConfig in its place', () => {
    const override: AppParts['override'] = (builder) =>
      builder.overrideProvider(AuthConfig).useFactory(authTestingConfig({ oidc: { audience: 'models-test' } }));

    it.each([
      ['forRoot', AuthModule.forRoot({ oidc: { ...oidc, scopePrefix: 'api://models/' } })],
      ['forRootAsync', AuthModule.forRootAsync({ useFactory: async () => ({ oidc: { ...oidc, scopePrefix: 'm:' } }) })],
    ])('plays the issuers of an application that imports %s', async (_, definition) => {
      const app = await start({ imports: [definition, MeModule], override });
      expect(await seen(app, { id: 'alice' })).toMatchObject({ id: 'alice', issuer: main, clientId: 'models-api' });
      expect(await seen(app, { scopes: ['models:read'] }, '/me/scoped')).toEqual({});
      expect(await seen(app, { audience: 'models-api' })).toBe('token_audience');
    });

    it('asks others than the issuers as the application would', async () => {
      const asked: string[] = [];
      const fetch: FetchFunction = async (url) => {
        asked.push(url);
        return Response.json({ active: false });
      };
      const introspection = {
        introspectOpaqueTokens: true,
        introspectionEndpoint: 'https://tokens.example.com/introspect',
        introspectionClientId: 'models-api',
        introspectionClientSecret: 'a secret of the test',
      };
      const app = await start({
        imports: [AuthModule.forRoot({ fetch, oidc: { ...oidc, ...introspection } }), MeModule],
        override,
      });
      expect(await seen(app, { id: 'alice' })).toMatchObject({ id: 'alice' });
      await request(app.getHttpServer()).get('/me').set('Authorization', 'Bearer opaque').expect(401);
      expect(asked).toEqual(['https://tokens.example.com/introspect']);
    });
  });
});

it('makes the callers of what is no application of HTTP', async () => {
  const module = await Test.createTestingModule({ imports: [authTestingModule()] }).compile();
  expect(TestCallers.of(module).token({ id: 'alice' }).split('.')).toHaveLength(3);
  await module.close();
});
