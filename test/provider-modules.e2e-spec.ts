import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthConfig, RequireScopes } from '@nmp/auth';
import { SigningKey, signJws } from '@nmp/auth/testing';
import { startApp } from './support/http-apps.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { TypescriptBlocks } from './support/typescript-block.js';

const pagesFolder = join(import.meta.dirname, '..', 'docs', 'providers');
const pages = readdirSync(pagesFolder).map((file) => file.replace(/\.md$/, ''));
const KEYS = 'https://keys.example.com/keys';

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('orders:read')
  list() {
    return [];
  }
}

/** What a provider's tokens have, and how the module on its page answers who reads orders with one. */
interface Case {
  readonly page: string;
  readonly what: string;
  readonly claims: Record<string, unknown>;
  readonly status: number;
}

const service = 'ffffffff-0000-4000-8000-000000000006';
const ofAmazon = { client_id: '57example4client3', token_use: 'access' };

const cases: readonly Case[] = [
  { page: 'azure-ad', what: 'the scope', claims: { aud: service, oid: 'o', scp: 'orders:read' }, status: 200 },
  { page: 'azure-ad', what: 'roles', claims: { aud: service, oid: 'o', roles: ['Orders.Read'] }, status: 403 },
  { page: 'okta', what: 'the scope', claims: { aud: 'api://default', scp: ['openid', 'orders:read'] }, status: 200 },
  { page: 'okta', what: 'openid alone', claims: { aud: 'api://default', scp: ['openid'] }, status: 403 },
  { page: 'keycloak', what: 'the scope', claims: { aud: 'orders-api', scope: 'email orders:read' }, status: 200 },
  { page: 'keycloak', what: 'the audience alone', claims: { aud: 'orders-api', scope: 'email' }, status: 403 },
  {
    page: 'auth0',
    what: 'the scope',
    claims: { aud: 'https://orders.example.com', scope: 'orders:read' },
    status: 200,
  },
  {
    page: 'auth0',
    what: 'permissions',
    claims: { aud: 'https://orders.example.com', scope: 'openid', permissions: ['orders:read'] },
    status: 403,
  },
  { page: 'cognito', what: 'the scope', claims: { ...ofAmazon, scope: 'orders/orders:read' }, status: 200 },
  {
    page: 'cognito',
    what: "that of Amazon's",
    claims: { ...ofAmazon, scope: 'aws.cognito.signin.user.admin' },
    status: 403,
  },
  { page: 'dex', what: 'no scope', claims: { aud: 'orders' }, status: 200 },
  { page: 'google', what: 'no scope', claims: { aud: 'orders', email_verified: true }, status: 200 },
  { page: 'google', what: 'an address of nobody', claims: { aud: 'orders', email_verified: false }, status: 401 },
  {
    page: 'generic',
    what: 'the scope',
    claims: { aud: 'https://orders.example.com', scope: 'https://orders.example.com/orders:read' },
    status: 200,
  },
  { page: 'generic', what: 'no scope', claims: { aud: 'https://orders.example.com' }, status: 403 },
];

describe('the modules on the pages of providers', () => {
  let key: SigningKey;
  let programs: TypescriptBlocks;
  let app: INestApplication | undefined;

  beforeAll(async () => {
    key = await SigningKey.generate();
    programs = TypescriptBlocks.compile(Object.fromEntries(pages.map((page) => [`${page}.ts`, moduleOn(page)])));
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  afterAll(() => programs.remove());

  it('are on each', () => {
    expect(new Set(cases.map(({ page }) => page))).toEqual(new Set(pages));
  });

  it.each(cases)(
    'docs/providers/$page.md: a token with $what is answered $status',
    async ({ page, claims, status }) => {
      const { AppModule } = (await import(programs.fileOf(`${page}.ts`))) as { AppModule: Type }; // what blocks export
      const unstarted = await Test.createTestingModule({ imports: [AppModule] }).compile();
      const config = unstarted.get<AuthConfig>(AuthConfig);
      const iss = config.published?.issuer;
      const fetch = async (url: string): Promise<Response> =>
        Response.json(url === KEYS ? { keys: [key.jwk] } : { issuer: iss, jwks_uri: KEYS });
      const started = await startApp('fastify', {
        imports: [AppModule],
        controllers: [OrdersController],
        override: (builder) => builder.overrideProvider(AuthConfig).useValue({ ...config, fetch }),
      });
      app = started.app;
      const now = Math.floor(Date.now() / 1000);
      const header = { alg: key.algorithm, typ: 'JWT', kid: key.kid };
      const token = signJws(header, { iss, sub: 'somebody', iat: now, exp: now + 300, ...claims }, key);
      const answer = await globalThis.fetch(`${started.url}/orders`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(status);
    },
  );
});

function moduleOn(page: string): string {
  const text = readFileSync(join(pagesFolder, `${page}.md`), 'utf8');
  return codeBlocks(text).find((block) => block.text.includes('AuthModule.forRoot('))?.text ?? '';
}
