import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, MemoryRevocation, Principal, RequireScopes } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { type HopTokenInput } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { adapters, type AppParts, startApp } from './support/http-apps.js';
import { SetClock } from './support/set-clock.js';

@Controller('models')
class ModelsController {
  @Get()
  list(@Principal() { claims: _claims, expiresAt: _expiresAt, ...principal }: Principal) {
    return principal;
  }

  @Get('scoped')
  @RequireScopes('models:read')
  scoped() {
    return {};
  }
}

describe.each(adapters)('hop tokens on %s', (adapter) => {
  let platform: TestIssuer;
  let provider: TestIssuer;
  let stranger: TestIssuer;
  const apps: INestApplication[] = [];
  const revocation = new MemoryRevocation();
  let url: string;
  let besideUrl: string;

  beforeAll(async () => {
    [platform, provider, stranger] = await Promise.all([
      startIssuer({ audience: 'models', path: '/apis/auth' }),
      startIssuer({ audience: 'models-api' }),
      startIssuer({ audience: 'models' }),
    ]);
    const hop = { issuer: platform.issuer, audience: 'models' };
    url = await start({ oidc: { enabled: false }, hop, revocation, scopeAreas: ['models'] });
    besideUrl = await start({ oidc: { issuer: provider.issuer, clientId: 'nmp-cli', audience: 'models-api' }, hop });
  });

  afterEach(() => platform.recover());

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await Promise.all([platform, provider, stranger].map((issuer) => issuer.close()));
  });

  async function start(options: AuthModuleOptions, override?: AppParts['override']): Promise<string> {
    const started = await startApp(adapter, {
      imports: [AuthModule.forRoot(options)],
      controllers: [ModelsController],
      ...(override && { override }),
    });
    apps.push(started.app);
    return started.url;
  }

  async function get(
    token: string,
    path = '/models',
    at = url,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(at + path, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function refusal(token: string | Promise<string>, at?: string): Promise<unknown> {
    const { status, body } = await get(await token, '/models', at);
    return status === 200 ? 'let in' : body.code;
  }

  it('hand the original principal to the handler', async () => {
    const token = await platform.hopToken({
      subject: 'alice',
      email: 'alice@example.com',
      groups: ['team-ml'],
      scope: 'openid models:read',
      originalIssuer: 'https://idp.example.com',
    });
    const principal = {
      kind: 'user',
      id: 'alice',
      email: 'alice@example.com',
      emailVerified: true,
      groups: ['team-ml'],
      groupsOverage: false,
      scopes: ['openid', 'models:read'],
      issuer: 'https://idp.example.com',
      clientId: 'nmp-cli',
    };
    expect(await get(token)).toEqual({ status: 200, body: principal });
    expect(await get(token)).toEqual({ status: 200, body: principal }); // remembered
    expect((await get(token, '/models/scoped')).status).toBe(200);
    const scopeless = await platform.hopToken({ scope: 'models:write' });
    expect(await get(scopeless, '/models/scoped')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  it('say that a service acts for somebody', async () => {
    const onBehalfOf = { id: 'alice', groups: ['team-ml'] };
    const token = await platform.hopToken({ kind: 'service', subject: 'service:jobs', onBehalfOf });
    expect(await get(token)).toMatchObject({ status: 200, body: { kind: 'service', id: 'service:jobs', onBehalfOf } });
  });

  it.each<[string, HopTokenInput, string]>([
    ['an access token of the same issuer', { header: { typ: 'at+jwt' } }, 'token_type'],
    ['a token without a type', { header: { typ: undefined } }, 'token_type'],
    ['a token of the type of any JWT', { header: { typ: 'JWT' } }, 'token_type'],
    ['a workload token of the same issuer', { header: { typ: 'workload+jwt' } }, 'token_type'],
    ['another spelling of the type', { header: { typ: 'HOP+JWT' } }, 'token_type'],
    ['one for another service', { audience: 'inference' }, 'token_audience'],
    ['one for several services', { audience: ['models', 'inference'] }, 'token_audience'],
    ['one whose audience is a list', { audience: ['models'] }, 'token_audience'],
    ['one for nobody', { claims: { aud: undefined } }, 'token_audience'],
    ['an expired one', { expiresInSeconds: -60 }, 'token_expired'],
    ['one without a principal', { claims: { nmp: undefined } }, 'token_claims'],
    ['a user by the name of a service', { subject: 'service:jobs' }, 'token_claims'],
  ])('are nothing but that: %s is refused', async (_, odd, code) => {
    expect(await refusal(platform.hopToken(odd))).toBe(code);
    expect(await refusal(platform.hopToken())).toBe('let in');
  });

  it('are accepted of the one issuer only', async () => {
    expect(await refusal(stranger.hopToken())).toBe('token_type');
    expect(await refusal(stranger.accessToken())).toBe('token_issuer');
    expect(await refusal(stranger.hopToken({ claims: { iss: platform.issuer } }))).toMatch(/^token_(?:key|signature)$/);
  });

  it('and access tokens are not taken for each other where both get in', async () => {
    expect(await refusal(platform.hopToken(), besideUrl)).toBe('let in');
    expect(await refusal(provider.accessToken(), besideUrl)).toBe('let in');
    expect(await refusal(provider.hopToken(), besideUrl)).toBe('token_type');
    expect(await refusal(provider.hopToken({ audience: 'models' }), besideUrl)).toBe('token_type');
    expect(await refusal(platform.accessToken(), besideUrl)).toBe('token_type');
    expect(await refusal(platform.hopToken({ audience: 'models-api' }), besideUrl)).toBe('token_audience');
    expect(await refusal(provider.accessToken({ audience: 'models' }), besideUrl)).toBe('token_audience');
  });

  it('fall with the token that they were made of, and can be revoked themselves', async () => {
    const originalIssuer = 'https://idp.example.com';
    const made = await platform.hopToken({ originalIssuer, originalJti: 'token-1' });
    const own = await platform.hopToken({ originalJti: 'token-2', claims: { jti: 'hop-2' } });
    const ofBob = await platform.hopToken({ originalIssuer, subject: 'bob' });
    for (const token of [made, own, ofBob]) expect(await refusal(token)).toBe('let in');
    const end = Date.now() / 1000 + 600;
    revocation.revokeToken(originalIssuer, 'token-1', end);
    revocation.revokeToken(platform.issuer, 'hop-2', end);
    revocation.revokeSubject(originalIssuer, 'bob', 600);
    for (const token of [made, own, ofBob]) expect(await refusal(token)).toBe('token_revoked');
    expect(await refusal(platform.hopToken({ originalIssuer, originalJti: 'token-3' }))).toBe('let in');
  });

  it('are answered 503 while the keys of the platform cannot be had', async () => {
    const fresh = await startIssuer({ audience: 'models' });
    const at = await start({ oidc: { enabled: false }, hop: { issuer: fresh.issuer, audience: 'models' } });
    fresh.fail('refuse');
    const authorization = `Bearer ${await fresh.hopToken()}`;
    const away = await fetch(`${at}/models`, { headers: { authorization } });
    expect(away.status).toBe(503);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    await fresh.close();
  });

  it('fall with the key that signed them', async () => {
    const clock = new SetClock();
    const issuer = await startIssuer({ audience: 'models', clock });
    const at = await start(
      { oidc: { enabled: false }, hop: { issuer: issuer.issuer, audience: 'models' } },
      (builder) => builder.overrideProvider(Clock).useValue(clock),
    );
    const old = await issuer.hopToken();
    expect(await refusal(old, at)).toBe('let in');
    await issuer.rotateKeys({ keepOld: false });
    clock.advance(31);
    expect(await refusal(issuer.hopToken(), at)).toBe('let in');
    expect(await refusal(old, at)).toBe('token_key');
    await issuer.close();
  });
});

describe('the options of hop tokens', () => {
  const hop = { issuer: 'https://platform.example.com/apis/auth', audience: 'models' };
  const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };

  it.each<[string, AuthModuleOptions, RegExp]>([
    [
      'no issuer',
      { oidc: { enabled: false }, hop: { audience: 'models' } as never },
      /hop\.issuer must be an https URL/,
    ],
    ['no audience', { oidc: { enabled: false }, hop: { issuer: hop.issuer } as never }, /hop\.audience must be/],
    [
      'plain http',
      { oidc, hop: { ...hop, issuer: 'http://platform.example.com' } },
      /hop\.issuer must be an https URL/,
    ],
    [
      'keys over plain http',
      { oidc, hop: { ...hop, jwksUri: 'http://x.example/' } },
      /hop\.jwksUri must be an https URL/,
    ],
    ['an unknown member', { oidc, hop: { ...hop, audiences: [] } as never }, /hop\.audiences is not a known option/],
    ['the issuer of access tokens', { oidc, hop: { ...hop, issuer: oidc.issuer } }, /hop\.issuer must not be/],
    ['the audience of access tokens', { oidc, hop: { ...hop, audience: 'nmp-cli' } }, /hop\.audience must not be/],
  ])('stop the start with %s', async (_, options, message) => {
    await expect(startApp('fastify', { imports: [AuthModule.forRoot(options)] })).rejects.toThrow(message);
  });
});
