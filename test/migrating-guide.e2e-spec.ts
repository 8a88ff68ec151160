import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { TypescriptBlock } from './support/typescript-block.js';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'migrating.md'), 'utf8');
const ours = codeBlocks(page).filter(({ language, text }) => language === 'ts' && text.includes("from '@nmp/auth'"));

// That the code on the page compiles is tried with all guides; here it runs.
describe('docs/migrating.md', () => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  it('has for passport-jwt a module that asks for scopes, and opens what is public', async () => {
    const { issuer, ask } = await start('passport-jwt', 'https://idp.example.com', 'models-api');
    expect(await ask('GET', '/models/health')).toMatchObject({ status: 200 });
    expect(await ask('GET', '/models')).toMatchObject({ status: 401, body: { code: 'missing_token' } });
    const token = await issuer.accessToken({ scope: 'models:read', email: 'alice@example.com' });
    expect(await ask('GET', '/models', token)).toMatchObject({ status: 200, body: { owner: 'alice@example.com' } });
    const other = await issuer.accessToken({ scope: 'openid' });
    expect(await ask('GET', '/models', other)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  it('has for nest-keycloak-connect the roles of realm and client', async () => {
    const { issuer, ask } = await start('nest-keycloak', 'https://sso.example.com/realms/acme', 'products');
    const remove = async (claims: Record<string, unknown>) =>
      (await ask('DELETE', '/products/7', await issuer.accessToken({ claims }))).status;

    expect(await ask('GET', '/products')).toMatchObject({ status: 200 });
    expect(await remove({ realm_access: { roles: ['admin'] } })).toBe(200);
    expect(await remove({ resource_access: { products: { roles: ['manager'] } } })).toBe(200);
    expect(await remove({ resource_access: { products: { roles: ['admin'] } } })).toBe(403);
    expect(await remove({ resource_access: { others: { roles: ['manager'] } } })).toBe(403);
    expect(await remove({})).toBe(403);
    const token = await issuer.accessToken({ claims: { preferred_username: 'alice' } });
    expect(await ask('GET', '/products/mine', token)).toMatchObject({ status: 200, body: { owner: 'alice' } });
  });

  it('has for express-oauth2-jwt-bearer its scopes, its claims and its strictness', async () => {
    const { issuer, ask } = await start('express-oauth2', 'https://idp.example.com', 'models-api');
    const tokenOf = (input: AccessTokenInput) => issuer.accessToken({ header: { typ: 'at+jwt' }, ...input });

    const both = await tokenOf({ scope: 'models:read files:read' });
    expect(await ask('GET', '/models', both)).toMatchObject({ status: 200 });
    expect(await ask('GET', '/models', await tokenOf({ scope: 'models:read' }))).toMatchObject({ status: 403 });
    const permitted = await tokenOf({ claims: { permissions: ['delete:models'] } });
    expect(await ask('DELETE', '/models', permitted)).toMatchObject({ status: 200 });
    expect(await ask('DELETE', '/models', await tokenOf({}))).toMatchObject({
      status: 403,
      body: { code: 'access_denied' },
    });
    const loose = await tokenOf({ header: { typ: 'JWT' } });
    expect(await ask('GET', '/models', loose)).toMatchObject({ status: 401, body: { code: 'token_type' } });
  });

  /** Starts the application of a section, at an issuer of the test's. */
  async function start(heading: string, name: string, clientId: string) {
    const issuer: TestIssuer = await startIssuer({ clientId });
    running.push(issuer);
    const from = page.slice(0, page.indexOf(`## From ${heading}`)).split('\n').length;
    const text = ours.find(({ line }) => line > from)?.text ?? '';
    const compiled = TypescriptBlock.compile(text.replaceAll(name, issuer.issuer));
    try {
      const { AppModule } = (await import(compiled.file)) as { AppModule: Type }; // what each of them exports
      const { app, url } = await startApp('express', { imports: [AppModule] });
      running.push(app);
      const ask = async (method: string, path: string, token?: string): Promise<{ status: number; body: unknown }> => {
        const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const response = await fetch(url + path, { method, headers });
        return { status: response.status, body: await response.json() };
      };
      return { issuer, ask };
    } finally {
      compiled.remove();
    }
  }
});
