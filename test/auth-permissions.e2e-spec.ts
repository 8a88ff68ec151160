import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Delete, Get, HttpCode, Logger, Module, Post, type Type } from '@nestjs/common';
import {
  from,
  OptionalAuth,
  PolicyDecisionPoint,
  PolicyTimeoutError,
  Public,
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
