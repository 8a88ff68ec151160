import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import { openApiDocument } from '../src/openapi/openapi.document.js';
import { referenceConfig } from '../src/openapi/reference-config.js';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, string[]>>[];
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>;
}

const descriptionFile = new URL('../docs/openapi.json', import.meta.url);
const checkedIn = JSON.parse(readFileSync(descriptionFile, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object; securitySchemes: Record<string, { 'x-scopes'?: Record<string, string> }> };
};
const operations = Object.entries(checkedIn.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, method, path, operation })),
);
const guarded = operations.filter(({ operation }) => operation.security.length > 0);
const open = operations.filter(({ operation }) => operation.security.length === 0);

let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await startIssuer();
  const config = platformConfig(issuer.issuer, { publicUrl: referenceConfig.publicUrl });
  app = await startPlatform({ ...config, auth: { oidc: { ...referenceConfig.auth.oidc, issuer: issuer.issuer } } });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

function get(path: string) {
  return supertest(app.getHttpServer()).get(path);
}

function ask({ method, path }: { method: string; path: string }) {
  const send = method as 'delete' | 'get' | 'post' | 'put';
  return supertest(app.getHttpServer())[send](path.replaceAll(/\{\w+\}/g, 'x'));
}

describe('the API description', () => {
  it('is checked in as it is (run: npm run openapi)', () => {
    const reference = referenceConfig.auth.oidc?.issuer ?? '';
    const current = JSON.stringify(openApiDocument(app)).replaceAll(issuer.issuer, reference);
    expect(checkedIn).toEqual(JSON.parse(current));
  });

  it.each(['/openapi.json', '/docs/swagger-ui-init.js'])('is made once and not for everybody: %s', async (path) => {
    const first = await get(path).expect(200);
    const stringify = jest.spyOn(JSON, 'stringify');
    const second = await get(path).expect(200);
    const sizes = stringify.mock.results.map(({ value }) => String(value).length);
    stringify.mockRestore();
    expect(second.text).toBe(first.text);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(Math.max(0, ...sizes)).toBeLessThan(first.text.length / 4);
    await get(path).set('If-None-Match', String(first.headers.etag)).expect(304);
    const head = await supertest(app.getHttpServer()).head(path).expect(200);
    expect(head.headers['content-length']).toBe(first.headers['content-length']);
  });

  it.each([
    'get /apis/auth/discovery',
    'get /apis/auth/v2/whoami',
    'get /apis/entities/v2/workspaces',
    'post /apis/entities/v2/workspaces',
    'put /apis/entities/v2/workspaces/{workspace}/members/{principal_id}',
    'delete /apis/entities/v2/workspaces/{name}',
  ])('has %s', (name) => expect(operations.map((operation) => operation.name)).toContain(name));

  it('calls every operation by a name of its own', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has every schema that it refers to', () => {
    const references = [...JSON.stringify(checkedIn).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(50);
    expect(Object.keys(checkedIn.components.schemas)).toEqual(expect.arrayContaining(references));
  });

  it('names and explains every scope that a route asks for', () => {
    const { oidc, ...others } = checkedIn.components.securitySchemes;
    expect(Object.keys(others)).toEqual(['bearer']);
    const texts = oidc?.['x-scopes'] ?? {};
    const asked = guarded.flatMap(({ operation }) => operation.security.flatMap((entry) => entry['oidc'] ?? []));
    expect(Object.keys(texts)).toEqual(expect.arrayContaining(asked));
    expect(Object.values(texts)).not.toContain('');
  });

  it.each(guarded)('says that $name needs a token, and what is answered without one', async (route) => {
    const { body } = await ask(route).expect(401);
    expect(body.code).toBe('missing_token');
    const { security, responses } = route.operation;
    expect(security[0]).toEqual({ bearer: [] });
    expect(responses).toMatchObject({ 401: { content: expect.anything() }, 503: { content: expect.anything() } });
    const asksForScopes = security.some((entry) => Object.values(entry).some((scopes) => scopes.length > 0));
    if (asksForScopes) expect(responses[403]?.description).toMatch(/^The token lacks the scope `[a-z]+:(read|write)`/);
    else expect(responses).not.toHaveProperty('403');
  });

  it.each(open)('says that $name needs none', async (route) => {
    expect((await ask(route)).status).not.toBe(401);
    expect(route.operation.responses).not.toHaveProperty('401');
  });
});

describe('the page at /docs', () => {
  it('signs in with the endpoints of the provider, by the code flow', async () => {
    const { body } = await get('/openapi.json').expect(200);
    const { authorizationCode, ...others } = body.components.securitySchemes.oidc.flows;
    expect(others).toEqual({});
    expect(authorizationCode).toMatchObject({
      authorizationUrl: `${issuer.issuer}/auth`,
      tokenUrl: `${issuer.issuer}/token`,
      scopes: { openid: 'Sign in', 'platform:read': 'Read whatever you may read' },
    });
    const { text } = await get('/docs/swagger-ui-init.js').expect(200);
    expect(text).toContain(`"tokenUrl": "${issuer.issuer}/token"`);
    expect(text).toContain('"usePkceWithAuthorizationCodeGrant": true');
    expect(text).toContain('"clientId": "nmp-cli"');
    expect(text).toContain('"oauth2RedirectUrl": "https://platform.example.com/docs/oauth2-redirect.html"');
    expect(text).toContain('"persistAuthorization": false');
    expect(text).not.toContain('offline_access');
  });

  it.each(['/docs', '/docs/', '/docs?x=y'])('may talk to the token endpoint and to nobody else: %s', async (path) => {
    const { headers, text } = await get(path).expect(200);
    expect(text).toContain('swagger-ui');
    expect(policyOf(headers)['connect-src']).toBe(`'self' ${issuer.issuer}/token`);
    expect(policyOf(headers)['default-src']).toBe("'self'");
    expect(policyOf(headers)['frame-ancestors']).toBe("'none'");
  });

  it('is come back to by a page that runs its own script and asks nobody', async () => {
    const { headers, text } = await get('/docs/oauth2-redirect.html').expect(200);
    expect(text).toContain('src="oauth2-redirect.js"');
    await get('/docs/oauth2-redirect.js').expect(200);
    expect(policyOf(headers)).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'" });
    expect(policyOf(headers)).not.toHaveProperty('connect-src');
  });

  it.each(['/docsother', '/docs.html', '/openapi.json'])('lends its policy to no other path: %s', async (path) => {
    expect(policyOf((await get(path)).headers)['default-src']).toBe("'none'");
  });

  it('waits for no provider that cannot be reached: it may be asked where the browser finds it', async () => {
    const gone = await startIssuer();
    await gone.close();
    const lonely = await startPlatform(platformConfig(gone.issuer));
    try {
      const { headers } = await supertest(lonely.getHttpServer()).get('/docs').expect(200);
      expect(policyOf(headers)['connect-src']).toBe(`'self' ${new URL(gone.issuer).origin}`);
      const { body } = await supertest(lonely.getHttpServer()).get('/openapi.json').expect(200);
      expect(body.components.securitySchemes.oidc).toMatchObject({
        type: 'openIdConnect',
        openIdConnectUrl: `${gone.issuer}/.well-known/openid-configuration`,
      });
    } finally {
      await lonely.close();
    }
  });
});

function policyOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const directives = headers['content-security-policy']?.split('; ') ?? [];
  return Object.fromEntries(directives.map((directive) => directive.split(/ (.*)/s).slice(0, 2)) as [string, string][]);
}
