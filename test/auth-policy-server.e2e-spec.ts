import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type AuthConfig,
  OpaPolicyDecisionPoint,
  PolicyTimeoutError,
  PolicyUnavailableError,
  RemotePolicyDecisionPoint,
} from '@nmp/auth';

describe('a policy server', () => {
  const servers: { close(): unknown }[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A server that answers with what it is given, and notes what it was asked. */
  async function serve(answers: { status?: number; body: string; hang?: boolean }) {
    const asked: { path: string; authorization: string | undefined; body: unknown }[] = [];
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      const { url = '', headers } = request;
      if (url === '/token') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ access_token: `t-${asked.length}`, token_type: 'bearer', expires_in: 3600 }));
        asked.push({ path: url, authorization: headers.authorization, body });
        return;
      }
      asked.push({ path: url, authorization: headers.authorization, body: JSON.parse(body) });
      if (!answers.hang) response.writeHead(answers.status ?? 200).end(answers.body);
    };
    const server = createServer((request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push({ close: () => server.close().closeAllConnections() });
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }; // a TCP server that listens
  }

  const issuer = 'https://idp.example.com';
  // Only these members are looked at.
  const known = { issuers: [{ issuer, sharesUsers: true }], trustedHeaders: undefined } as unknown as AuthConfig;
  const query = {
    principal: {
      kind: 'user' as const,
      id: 'user-1',
      email: 'a@example.com',
      emailVerified: false,
      groups: ['g'],
      groupsOverage: false,
      scopes: [],
      issuer,
      claims: {},
      expiresAt: new Date(),
    },
    permissions: ['models.read'],
    workspace: 'ml',
  };

  it('of OPA is asked with the whole identity', async () => {
    const { asked, url } = await serve({ body: '{"result":{"allowed":true}}' });
    const decisions = new OpaPolicyDecisionPoint({ url: `${url}/`, token: 'opa-token' }, known);
    expect(await decisions.hasPermissions(query)).toBe(true);
    const input = {
      principal_kind: 'user',
      principal_id: 'user-1',
      principal_email: 'a@example.com',
      principal_email_verified: false,
      principal_groups: ['g'],
      principal_shares_users: true,
      workspace: 'ml',
      permissions: ['models.read'],
    };
    expect(asked).toEqual([
      { path: '/v1/data/authz/has_permissions', authorization: 'Bearer opa-token', body: { input } },
    ]);
  });

  it('of a platform is asked as a service, with one token for many questions', async () => {
    const { asked, url } = await serve({ body: '{"result":{"allowed":false}}' });
    const credentials = { clientId: 'files', clientSecret: 'a secret', tokenEndpoint: `${url}/token` };
    const decisions = new RemotePolicyDecisionPoint({ url, credentials }, known);
    const stranger = { ...query, principal: { ...query.principal, issuer: 'https://other.example' } };
    expect(await Promise.all([decisions.hasPermissions(query), decisions.hasPermissions(stranger)])).toEqual([
      false,
      false,
    ]);
    expect(await decisions.hasPermissions(query)).toBe(false);
    expect(asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/token', `Basic ${Buffer.from('files:a+secret').toString('base64')}`],
      ['/apis/auth/v2/authz/has_permissions', 'Bearer t-0'],
      ['/apis/auth/v2/authz/has_permissions', 'Bearer t-0'],
      ['/apis/auth/v2/authz/has_permissions', 'Bearer t-0'],
    ]);
    expect(asked[2]?.body).toMatchObject({ input: { principal_shares_users: false } });
  });

  it('is asked about a whole request, and about a role', async () => {
    const { asked, url } = await serve({ body: '{"result":{"allowed":true,"has_role":false}}' });
    const { principal } = query;
    const request = { principal, method: 'GET', path: '/models?limit=1' };
    const opa = new OpaPolicyDecisionPoint({ url }, known);
    expect(await opa.allows(request)).toBe(true);
    expect(await opa.hasRole(principal, 'ml', 'Editor')).toBe(false);
    const credentials = { clientId: 'files', clientSecret: 'a secret', tokenEndpoint: `${url}/token` };
    expect(await new RemotePolicyDecisionPoint({ url, credentials }, known).allows(request)).toBe(true);
    const allow = { principal_id: 'user-1', method: 'GET', path: '/models', scopes: [] };
    expect(asked).toMatchObject([
      { path: '/v1/data/authz/allow', body: { input: allow } },
      { path: '/v1/data/authz/has_role', body: { input: { principal_id: 'user-1', workspace: 'ml', role: 'Editor' } } },
      { path: '/token' },
      { path: '/apis/auth/v2/authz/allow', body: { input: allow } },
    ]);
  });

  it.each<[string, { status?: number; body: string }]>([
    ['undefined', { body: '{}' }],
    ['no object', { body: '{"result":true}' }],
    ['a text', { body: '{"result":{"allowed":"true"}}' }],
    ['not JSON', { body: '<html>' }],
    ['too long', { body: `{"result":{"allowed":true,"pad":"${'x'.repeat(70_000)}"}}` }],
    ['an error', { status: 500, body: '{"result":{"allowed":true}}' }],
    ['a redirect', { status: 302, body: '' }],
    ['a refusal', { status: 401, body: '{"result":{"allowed":true}}' }],
  ])('that answers with %s decides nothing', async (_what, answers) => {
    const { url } = await serve(answers);
    const decisions = new OpaPolicyDecisionPoint({ url }, known);
    await expect(decisions.hasPermissions(query)).rejects.toThrow(PolicyUnavailableError);
  });

  it('that hangs, or is not there, decides nothing', async () => {
    const { url } = await serve({ body: '', hang: true });
    const hanging = new OpaPolicyDecisionPoint({ url, timeoutMs: 50 }, known);
    await expect(hanging.hasPermissions(query)).rejects.toThrow(PolicyTimeoutError);
    const absent = new OpaPolicyDecisionPoint({ url: 'http://127.0.0.1:1' }, known);
    await expect(absent.hasPermissions(query)).rejects.toThrow(PolicyUnavailableError);
    const credentials = { clientId: 'c', clientSecret: 's', tokenEndpoint: 'http://127.0.0.1:1/token' };
    const without = new RemotePolicyDecisionPoint({ url, credentials }, known);
    await expect(without.hasPermissions(query)).rejects.toThrow(PolicyUnavailableError);
  });

  it('is not asked where somebody could listen', () => {
    expect(() => new OpaPolicyDecisionPoint({ url: 'http://opa.example' }, known)).toThrow(/must be an https URL/);
    expect(new OpaPolicyDecisionPoint({ url: 'http://opa.example', allowInsecureHttp: true }, known)).toBeDefined();
    const credentials = { clientId: 'c', clientSecret: 's', tokenEndpoint: 'http://idp.example.com/token' };
    expect(() => new RemotePolicyDecisionPoint({ url: 'https://p.example', credentials }, known)).toThrow(/https URL/);
  });
});
