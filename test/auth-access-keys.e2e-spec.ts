import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Principal, RequireScopes } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { adapters, startApp } from './support/http-apps.js';

interface KeyInput {
  readonly scope?: string;
  readonly jti?: string | undefined;
  readonly issuer?: string;
  readonly kind?: string;
  readonly audience?: string | string[];
  readonly typ?: string;
  readonly ageSeconds?: number;
}

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

describe.each(adapters)('access keys on %s', (adapter) => {
  let platform: TestIssuer;
  let provider: TestIssuer;
  const apps: INestApplication[] = [];
  const ended = new Set<string>();
  let url: string;

  beforeAll(async () => {
    [platform, provider] = await Promise.all([
      startIssuer({ audience: 'keys', path: '/apis/auth' }),
      startIssuer({ audience: 'models-api' }),
    ]);
    url = await start({ scopeEnforcement: 'when-present', maxTokenAgeSeconds: 3_600 });
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await Promise.all([platform, provider].map((issuer) => issuer.close()));
  });

  async function start(options: AuthModuleOptions = {}): Promise<string> {
    const started = await startApp(adapter, {
      imports: [
        AuthModule.forRoot({
          oidc: { issuer: provider.issuer, clientId: 'nmp-cli', audience: 'models-api' },
          accessKeys: {
            issuer: platform.issuer,
            audience: 'keys',
            keys: async () => ((await (await fetch(platform.jwksUri)).json()) as { keys: unknown[] }).keys,
            isActive: (jti) => !ended.has(jti),
          },
          ...options,
        }),
      ],
      controllers: [ModelsController],
    });
    apps.push(started.app);
    return started.url;
  }

  function keyOf({ scope = 'models:read', typ = 'access-key+jwt', kind = 'user', ...odd }: KeyInput = {}) {
    const issuedAt = Math.floor(Date.now() / 1000) - (odd.ageSeconds ?? 0);
    const jti = 'jti' in odd ? odd.jti : 'key-1';
    const nmp = { kind, issuer: odd.issuer ?? provider.issuer };
    return platform.accessToken({
      scope,
      subject: 'alice',
      email: 'alice@example.com',
      header: { typ },
      claims: { jti, nmp, iat: issuedAt, nbf: undefined, exp: issuedAt + 30 * 86_400 },
      ...(odd.audience !== undefined && { audience: odd.audience }),
    });
  }

  async function get(token: string, path = '', at = url): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${at}/models${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('are their owners, with scopes of their own', async () => {
    expect(await get(await keyOf())).toMatchObject({
      status: 200,
      body: { kind: 'user', id: 'alice', email: 'alice@example.com', issuer: provider.issuer, scopes: ['models:read'] },
    });
    expect((await get(await keyOf(), '/scoped')).status).toBe(200);
  });

  it('do not grow old before their time', async () => {
    expect((await get(await keyOf({ ageSeconds: 29 * 86_400 }))).status).toBe(200);
    const expired = await get(await keyOf({ ageSeconds: 31 * 86_400 }));
    expect(expired).toMatchObject({ status: 401, body: { code: 'token_expired' } });
  });

  it('are limited by their scopes always, also where those of access tokens count only when present', async () => {
    const refused = await get(await keyOf({ scope: 'entities:read' }), '/scoped');
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    const plain = await provider.accessToken({ scope: 'openid' });
    expect((await get(plain, '/scoped')).status).toBe(200);
  });

  it('end when they are said to have ended, verified before or not', async () => {
    const [used, unused] = [await keyOf({ jti: 'used' }), await keyOf({ jti: 'unused' })];
    expect((await get(used)).status).toBe(200);
    ended.add('used').add('unused');
    for (const key of [used, unused]) {
      expect(await get(key)).toMatchObject({ status: 401, body: { code: 'token_revoked' } });
    }
    ended.clear();
    expect((await get(used)).status).toBe(200);
  });

  it.each<[string, KeyInput, string]>([
    ['without an id', { jti: undefined }, 'token_revoked'],
    ['without a scope', { scope: '' }, 'token_claims'],
    ['with scopes that mean nothing here', { scope: 'openid mail:send' }, 'token_claims'],
    ['of a service', { kind: 'service' }, 'token_claims'],
    ['of somebody of a provider that is not trusted', { issuer: 'https://other.example.com' }, 'token_issuer'],
    ["of the platform's own", { issuer: 'itself' }, 'token_issuer'],
    ['for another audience', { audience: 'models-api' }, 'token_audience'],
    ['for several audiences', { audience: ['keys', 'models-api'] }, 'token_audience'],
    ['in the form of an access token', { typ: 'at+jwt' }, 'token_type'],
    ['in the form of a workload token', { typ: 'workload+jwt' }, 'token_type'],
    ['in the form of a hop token', { typ: 'hop+jwt' }, 'token_type'],
  ])('are refused %s', async (_, odd, code) => {
    const issuer = odd.issuer === 'itself' ? { issuer: platform.issuer } : {};
    expect(await get(await keyOf({ ...odd, ...issuer }))).toMatchObject({ status: 401, body: { code } });
  });

  it('are not accepted from a provider, whatever it writes into the header', async () => {
    const token = await provider.accessToken({ header: { typ: 'access-key+jwt' } });
    expect(await get(token)).toMatchObject({ status: 401, body: { code: 'token_type' } });
  });

  it('are not accepted where nobody said so', async () => {
    const without = await start({ accessKeys: undefined });
    expect(await get(await keyOf(), '', without)).toMatchObject({ status: 401, body: { code: 'token_type' } });
  });

  it('live beside workload tokens of the same issuer, each for its own audience', async () => {
    const workload = {
      issuer: platform.issuer,
      audience: 'workloads',
      tokenEndpoint: `${platform.issuer}/token`,
      keys: async () => ((await (await fetch(platform.jwksUri)).json()) as { keys: unknown[] }).keys,
    };
    const both = await start({ workload });
    const job = await platform.accessToken({
      subject: 'job',
      audience: 'workloads',
      header: { typ: 'workload+jwt' },
      claims: { nmp: { kind: 'client', issuer: platform.issuer } },
    });
    expect(await get(job, '', both)).toMatchObject({ status: 200, body: { kind: 'client', id: 'job' } });
    expect(await get(await keyOf(), '', both)).toMatchObject({ status: 200, body: { id: 'alice' } });
    const crossed = await get(await keyOf({ audience: 'workloads' }), '', both);
    expect(crossed).toMatchObject({ status: 401, body: { code: 'token_audience' } });
  });
});

it.each<[string, Partial<NonNullable<AuthModuleOptions['accessKeys']>>, RegExp]>([
  ['the audience of access tokens', { audience: 'nmp-cli' }, /accessKeys\.audience must not be the audience of access/],
  ['the issuer of access tokens', { issuer: 'https://idp.example.com' }, /accessKeys\.issuer must not be an issuer of/],
  ['the audience of workload tokens', { audience: 'workloads' }, /accessKeys\.audience must not be workload\.audience/],
])('access keys with %s stop the start', async (_, odd, problem) => {
  const own = { issuer: 'https://platform.example.com', keys: () => Promise.resolve([]) };
  const options: AuthModuleOptions = {
    oidc: { issuer: 'https://idp.example.com', clientId: 'nmp-cli' },
    workload: { ...own, audience: 'workloads', tokenEndpoint: 'https://platform.example.com/token' },
    accessKeys: { ...own, audience: 'keys', isActive: () => true, ...odd },
  };
  await expect(startApp('express', { imports: [AuthModule.forRoot(options)] })).rejects.toThrow(problem);
});
