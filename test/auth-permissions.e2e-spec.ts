import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Delete, Get, HttpCode, Logger, Module, Post, type Type } from '@nestjs/common';
import {
  type AuthConfig,
  from,
  OpaPolicyDecisionPoint,
  OptionalAuth,
  PolicyDecisionPoint,
  PolicyTimeoutError,
  PolicyUnavailableError,
  Public,
  RemotePolicyDecisionPoint,
  RequirePermissions,
  RequireScopes,
  WorkspaceScoped,
} from '@nmp/auth';
import { authTestingModule, StaticPolicyDecisionPoint, type TestCaller, TestCallers } from '@nmp/auth/testing';
import { adapters, startApp } from './support/http-apps.js';

@Controller('workspaces/:workspace/models')
@WorkspaceScoped()
@RequirePermissions('models.read')
class ModelsController {
  @Get()
  list() {
    return { ok: true };
  }

  @Post()
  @HttpCode(200)
  @RequireScopes('models:write')
  @RequirePermissions('models.create')
  @RequirePermissions('quota.use', { workspace: from.value('shared') })
  create() {
    return { ok: true };
  }

  @Delete()
  @RequirePermissions('models.delete', { workspace: from.query('in') })
  delete() {
    return { ok: true };
  }

  @Public()
  @Get('health')
  health() {
    return { ok: true };
  }

  @OptionalAuth()
  @Get('catalog')
  catalog() {
    return { ok: true };
  }
}

@Controller('settings')
class SettingsController {
  @Get()
  @RequirePermissions('settings.read')
  read() {
    return { ok: true };
  }
}

describe.each(adapters)('permissions on %s', (adapter) => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
    jest.restoreAllMocks();
  });

  const alice = { email: 'alice@example.com', scopes: ['models:write'] };
  const grants = {
    'alice@example.com': { ml: ['models.read', 'models.create'], shared: ['quota.use'], system: ['settings.read'] },
    'group:ops': { ml: ['models.delete'] },
  };

  async function start(
    provider: object = { useValue: new StaticPolicyDecisionPoint(grants) },
    controllers?: Type[],
    imports: Type[] = [],
  ) {
    @Module({ providers: [{ provide: PolicyDecisionPoint, ...provider }] as never })
    class DecisionModule {}

    const { app, url } = await startApp(adapter, {
      imports: [authTestingModule({ httpTimeoutMs: 1000 }), DecisionModule, ...imports],
      controllers: controllers ?? [ModelsController, SettingsController],
    });
    running.push(app);
    const ask = async (method: string, path: string, caller?: TestCaller): Promise<[number, unknown]> => {
      const headers = caller && TestCallers.of(app).headers(caller);
      const answer = await fetch(`${url}${path}`, { method, ...(headers && { headers }) });
      const body = (await answer.json()) as { ok?: boolean; code?: string };
      return [answer.status, body.ok ?? body.code];
    };
    return { ask };
  }

  it('are asked for in the workspace that the request names, all of them, beside the scopes', async () => {
    const { ask } = await start();
    const reader = { ...alice, scopes: ['models:read'] };
    const bob = { email: 'bob@example.com', scopes: ['models:write'] };
    const ops = { email: 'bob@example.com', groups: ['ops'] };
    expect(await ask('GET', '/workspaces/ml/models', alice)).toEqual([200, true]);
    expect(await ask('GET', '/workspaces/other/models', alice)).toEqual([403, 'access_denied']);
    expect(await ask('GET', '/workspaces/ml/models', bob)).toEqual([403, 'access_denied']);
    expect(await ask('POST', '/workspaces/ml/models', alice)).toEqual([200, true]);
    expect(await ask('POST', '/workspaces/ml/models', reader)).toEqual([403, 'insufficient_scope']);
    expect(await ask('POST', '/workspaces/ml/models', bob)).toEqual([403, 'access_denied']);
    expect(await ask('DELETE', '/workspaces/other/models?in=ml', ops)).toEqual([200, true]);
    expect(await ask('DELETE', '/workspaces/ml/models?in=other', ops)).toEqual([403, 'access_denied']);
    expect(await ask('GET', '/settings', alice)).toEqual([200, true]);
    expect(await ask('GET', '/settings', ops)).toEqual([403, 'access_denied']);
  });

  it('are never held by nobody, and not asked for where everybody may come', async () => {
    const decisions = new StaticPolicyDecisionPoint({ '*': { ml: ['models.read'] } });
    const { ask } = await start({ useValue: decisions });
    expect(await ask('GET', '/workspaces/ml/models')).toEqual([401, 'missing_token']);
    expect(await ask('GET', '/workspaces/ml/models/catalog')).toEqual([401, 'missing_token']);
    expect(await ask('GET', '/workspaces/ml/models/health')).toEqual([200, true]);
    expect(decisions.queries).toEqual([]);
  });

  it('are asked for once in a request, for one workspace', async () => {
    const decisions = new StaticPolicyDecisionPoint(grants);
    const { ask } = await start({ useValue: decisions });
    await ask('GET', '/workspaces/ml/models', alice);
    expect(decisions.queries).toMatchObject([{ permissions: ['models.read'], workspace: 'ml' }]);
  });

  it.each(['', '?in=', '?in=ml&in=other', '?in[a]=ml'])('want the workspace in the query once: "%s"', async (query) => {
    const { ask } = await start();
    expect(await ask('DELETE', `/workspaces/ml/models${query}`, { groups: ['ops'] })).toEqual([
      400,
      'malformed_request',
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['an error', () => Promise.reject(new Error('down')), 503, 'policy_unavailable'],
    [
      'an error at once',
      () => {
        throw new Error('down');
      },
      503,
      'policy_unavailable',
    ],
    ['something else than yes or no', () => 'true', 503, 'policy_unavailable'],
    ['one', () => Promise.resolve(1), 503, 'policy_unavailable'],
    ['nothing', () => undefined, 503, 'policy_unavailable'],
    ['an error of its own kind', () => Promise.reject(new PolicyTimeoutError('late')), 504, 'policy_timeout'],
    ['no, later', () => Promise.resolve(false), 403, 'access_denied'],
    ['yes, later', () => Promise.resolve(true), 200, 'true'],
  ])('with %s for an answer', async (_what, hasPermissions, status, code) => {
    const { ask } = await start({ useValue: { hasPermissions } });
    const [answered, body] = await ask('GET', '/settings', alice);
    expect([answered, String(body)]).toEqual([status, code]);
  });

  it('of a decision point that never answers are not held', async () => {
    const { ask } = await start({ useValue: { hasPermissions: () => new Promise(() => {}) } });
    expect(await ask('GET', '/settings', alice)).toEqual([504, 'policy_timeout']);
  });

  it('need one that can decide, and one only', async () => {
    await expect(start({ useValue: {} })).rejects.toThrow(/the provided one has no hasPermissions\(\)/);

    @Module({ providers: [{ provide: PolicyDecisionPoint, useValue: new StaticPolicyDecisionPoint({}) }] })
    class SecondModule {}
    await expect(start(undefined, undefined, [SecondModule])).rejects.toThrow(
      /PolicyDecisionPoint is provided more than once/,
    );
  });

  it('are warned of at the start where their parameter is not in the path', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});

    @Controller('models')
    @WorkspaceScoped()
    class AstrayController {
      @Get(':id')
      @RequirePermissions('models.read')
      read() {
        return { ok: true };
      }
    }
    const { ask } = await start(undefined, [AstrayController, ModelsController]);
    expect(warn.mock.calls.flat().filter((line) => String(line).includes('path parameter'))).toEqual([
      expect.stringContaining('AstrayController.read asks for permissions in the workspace of the path parameter'),
    ]);
    expect(await ask('GET', '/models/1', alice)).toEqual([400, 'malformed_request']);
  });

  it('need a decision point: without one the application does not start', async () => {
    await expect(
      startApp(adapter, { imports: [authTestingModule()], controllers: [SettingsController] }),
    ).rejects.toThrow(/@RequirePermissions\(settings\.read\) needs a policy decision point/);
  });
});

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
