import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthModule } from '@nmp/auth';
import { startIssuer } from './support/issuers.js';
import { adapters } from './support/http-apps.js';
import { NotesApps } from './support/notes-apps.js';

describe.each(adapters)('AuthModule on %s', (adapter) => {
  const apps = new NotesApps(adapter);

  afterEach(async () => {
    await apps.close();
  });

  describe('discovery', () => {
    const discovered = async (url: string, path = '/apis/auth/discovery'): Promise<unknown> => {
      const document = (await (await fetch(`${url}${path}`)).json()) as { oidc: unknown };
      return document.oidc;
    };

    it('is served stale while the provider is down, and with nulls when it never was up', async () => {
      const { url, issuer } = await apps.start({ oidc: { discoveryCacheTtlSeconds: 0 } });
      const before = await discovered(url);
      issuer.fail('refuse');
      expect(await discovered(url)).toEqual(before);

      const dead = await startIssuer();
      await dead.close();
      const imports = [AuthModule.forRoot({ oidc: { issuer: dead.issuer, clientId: 'nmp-cli' } })];
      const without = await apps.start({}, { imports });
      expect(await discovered(without.url)).toMatchObject({ issuer: dead.issuer, token_endpoint: null });
    });

    it('prefers configured endpoints, and asks nobody when all are configured', async () => {
      const issuer = await apps.startIssuer();
      const endpoints = {
        tokenEndpoint: 'https://idp.example.com/t',
        deviceAuthorizationEndpoint: 'https://idp.example.com/d',
        authorizationEndpoint: 'https://idp.example.com/a',
        userinfoEndpoint: 'https://idp.example.com/u',
        jwksUri: issuer.jwksUri,
      };
      const loginParameters = { audience: 'https://api.example.com' };
      const oidc = { issuer: issuer.issuer, clientId: 'c', scopePrefix: 'api://nmp', loginParameters, ...endpoints };
      const { url } = await apps.start({}, { imports: [AuthModule.forRoot({ oidc })] });
      expect(await discovered(url)).toMatchObject({
        token_endpoint: 'https://idp.example.com/t',
        device_authorization_endpoint: 'https://idp.example.com/d',
        scope_prefix: 'api://nmp/',
        login_parameters: loginParameters,
      });
      expect(issuer.requests.filter((path) => path !== '/jwks')).toEqual([]);
    });

    it('can be moved and switched off', async () => {
      const moved = await apps.start({ discovery: { path: 'how-to-sign-in' } });
      expect(await discovered(moved.url, '/how-to-sign-in')).toMatchObject({ client_id: 'nmp-cli' });
      const off = await apps.start({ discovery: false });
      expect((await fetch(`${off.url}/apis/auth/discovery`)).status).toBe(404);
    });
  });
});
