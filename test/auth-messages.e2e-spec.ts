import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  AuthModule,
  from,
  JwtStrategy,
  OptionalAuth,
  PolicyDecisionPoint,
  Principal,
  Public,
  RequireAnyScope,
  RequireAudience,
  RequirePermissions,
  RequireScopes,
} from '@nmp/auth';
import { StaticPolicyDecisionPoint, type TestIssuer } from '@nmp/auth/testing';
import { adapters, type AdapterName, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp, type MessageSender } from './support/message-apps.js';
import { MATRIX_SCOPE, TransportMatrix } from './support/transport-matrix.js';

const handled: string[] = [];

@Controller()
class MessagesController {
  @MessagePattern('guarded')
  guarded(@Payload() data: unknown, @Principal() principal: Principal) {
    handled.push('guarded');
    return { data, id: principal.id };
  }

  @OptionalAuth()
  @MessagePattern('optional')
  optional(@Principal('kind') kind: string) {
    return kind;
  }

  @OptionalAuth()
  @RequireScopes(MATRIX_SCOPE)
  @MessagePattern('optional-scoped')
  optionalScoped(@Principal('id') id: string) {
    return id;
  }

  @RequireScopes(MATRIX_SCOPE)
  @MessagePattern('scoped')
  scoped(@Principal('id') id: string) {
    handled.push('scoped');
    return id;
  }

  @RequireAnyScope(MATRIX_SCOPE, 'files:read')
  @MessagePattern('any')
  any(@Principal('id') id: string) {
    return id;
  }

  @RequireAudience('https://billing.example.com')
  @MessagePattern('billing')
  billing() {
    return 'in';
  }

  @RequirePermissions('models.list', { workspace: from.data('workspace') })
  @MessagePattern('permitted')
  permitted(@Payload('workspace') workspace: string) {
    return workspace;
  }

  @Public()
  @MessagePattern('open')
  open(@Principal('kind') kind: string) {
    return kind;
  }

  @Get('http')
  @MessagePattern('both')
  both(@Principal('id') id: string) {
    return { id };
  }
}

const matrix = new TransportMatrix();
afterAll(() => matrix.print());

describe.each(adapters.flatMap((adapter) => [true, false].map((inheritAppConfig) => ({ adapter, inheritAppConfig }))))(
  'messages over TCP to a hybrid application on $adapter, inheritAppConfig: $inheritAppConfig',
  (setup) => {
    const running: { close(): unknown }[] = [];

    afterEach(async () => {
      for (const part of running.splice(0).toReversed()) await part.close();
      handled.length = 0;
      jest.restoreAllMocks();
    });

    const start = async (): Promise<{
      sender: MessageSender;
      issuer: TestIssuer;
      url: string;
      strategy: JwtStrategy;
    }> => {
      const issuer = await startIssuer();
      const { sender, ...rest } = await startHybrid(setup, issuer);
      running.push(issuer, rest.app, sender);
      return { sender, issuer, url: rest.url, strategy: rest.app.get(JwtStrategy) };
    };

    it('N01: lets only good tokens in, and tells the others why', async () => {
      const { sender, issuer } = await start();
      const call = async (token?: string): Promise<string> => {
        const outcome = await sender.ask('scoped', token);
        return 'value' in outcome ? 'ok' : outcome.code;
      };
      const name = `TCP, ${setup.adapter}, inheritAppConfig: ${setup.inheritAppConfig}`;
      await matrix.try({ name, call, handled: () => handled.length }, issuer);
    });

    it('hands the handler its data without the envelope, and the principal', async () => {
      const { sender, issuer } = await start();
      const token = await issuer.accessToken({ subject: 'alice' });
      for (const data of [{ name: 'm' }, 'text', 0, [1], { 'nmp:headers': {}, 'nmp:data': 'an envelope of its own' }]) {
        expect(await sender.ask('guarded', token, data)).toEqual({ value: { data, id: 'alice' } });
      }
      expect(await sender.ask('both', token)).toEqual({ value: { id: 'alice' } });
    });

    it('N05, N06, N07: keeps to every decorator', async () => {
      const { sender, issuer } = await start();
      const files = await issuer.accessToken({ scope: 'files:read' });
      const billing = await issuer.accessToken({ audience: [issuer.clientId, 'https://billing.example.com'] });
      const expired = await issuer.accessToken({ expiresInSeconds: -3600 });
      const codeOf = async (pattern: string, token?: string, data?: unknown): Promise<unknown> => {
        const outcome = await sender.ask(pattern, token, data);
        return 'value' in outcome ? outcome.value : outcome.code;
      };
      expect(await codeOf('any', files)).toBe('user-1');
      expect(await codeOf('any', await issuer.accessToken({ scope: 'none:read' }))).toBe('insufficient_scope');
      expect([await codeOf('billing', billing), await codeOf('billing', files)]).toEqual(['in', 'token_audience']);
      expect(await codeOf('optional')).toBe('anonymous');
      expect(await codeOf('optional', files)).toBe('user');
      expect(await codeOf('optional', expired)).toBe('token_expired');
      expect(await codeOf('optional-scoped')).toBe('missing_token');
      expect(await codeOf('optional-scoped', await issuer.accessToken({ scope: MATRIX_SCOPE }))).toBe('user-1');
      expect(await codeOf('open', expired)).toBe('anonymous');
      expect(await codeOf('permitted', files, { workspace: 'ml' })).toBe('ml');
      expect(await codeOf('permitted', files, { workspace: 'other' })).toBe('access_denied');
      expect(await codeOf('permitted', files, { workspace: ['ml'] })).toBe('malformed_request');
      expect(await codeOf('permitted', undefined, { workspace: 'ml' })).toBe('missing_token');
    });

    it('refuses two tokens, whether they are in the envelope or in the metadata of the packet', async () => {
      const { sender, issuer } = await start();
      const token = await issuer.accessToken();
      const outcome = await sender.ask('guarded', token, {}, { Authorization: `Bearer ${token}` });
      expect(outcome).toMatchObject({ code: 'malformed_request' });
      expect(handled).toEqual([]);
    });

    it('N09: verifies once, with the keys and the cache of the HTTP routes', async () => {
      const { sender, issuer, url, strategy } = await start();
      const run = jest.spyOn(strategy, 'run');
      const token = await issuer.accessToken({ subject: 'alice' });
      expect(await sender.ask('guarded', token)).toEqual({ value: { data: {}, id: 'alice' } });
      expect(run).toHaveBeenCalledTimes(1);
      const answer = await fetch(`${url}/http`, { headers: { authorization: `Bearer ${token}` } });
      expect([answer.status, await answer.json()]).toEqual([200, { id: 'alice' }]);
      expect(run.mock.results[1]?.value).toMatchObject({ id: 'alice' }); // at once, without a promise: out of the cache
      expect(issuer.jwksFetches).toBe(1);
      expect((await fetch(`${url}/http`)).status).toBe(401);
    });

    it('N10: takes no principal that a message brings along', async () => {
      const { sender, issuer } = await start();
      const principal = { kind: 'user', id: 'admin', groups: ['platform-admins'] };
      const data = { user: principal, principal, metadata: { authorization: 'x' } };
      expect(await sender.ask('guarded', undefined, data)).toMatchObject({ code: 'missing_token' });
      expect(await sender.askPlainly('guarded', { ...data, 'nmp:headers': { user: 'admin' } })).toMatchObject({
        code: 'missing_token',
      });
      const token = await issuer.accessToken({ subject: 'alice' });
      expect(await sender.ask('guarded', token, data)).toEqual({ value: { data, id: 'alice' } });
    });

    it('N11: gives each of many callers at once its own principal', async () => {
      const { sender, issuer } = await start();
      const subjects = Array.from({ length: 50 }, (_, at) => `user-${at}`);
      const ids = await Promise.all(
        subjects.map(async (subject) => sender.ask('guarded', await issuer.accessToken({ subject }))),
      );
      expect(ids).toEqual(subjects.map((id) => ({ value: { data: {}, id } })));
    });
  },
);

async function startHybrid(
  { adapter, inheritAppConfig }: { adapter: AdapterName; inheritAppConfig: boolean },
  { issuer }: TestIssuer,
) {
  const decisions = new StaticPolicyDecisionPoint({ 'user-1': { ml: ['models.list'] } });
  const { app, url } = await startApp(adapter, {
    imports: [
      { module: class Decisions {}, providers: [{ provide: PolicyDecisionPoint, useValue: decisions }] },
      AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } }),
    ],
    controllers: [MessagesController],
  });
  return { app, url, sender: await connectTcp(app, { inheritAppConfig }) };
}
