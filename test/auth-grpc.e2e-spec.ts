import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  GrpcMethod,
  type GrpcOptions,
  GrpcStreamCall,
  GrpcStreamMethod,
  type MicroserviceOptions,
  Payload,
} from '@nestjs/microservices';
import { AccessDeniedError, AuthModule, JwtStrategy, Principal, Public, RequireScopes } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { from, map, type Observable, reduce } from 'rxjs';
import {
  bearer,
  grpcOptions,
  type Model,
  modelsClient,
  type ModelsClient,
  type ModelsMethod,
} from './support/grpc-apps.js';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { MATRIX_SCOPE, TransportMatrix } from './support/transport-matrix.js';

const handled: string[] = [];

type PassedCall = ServerDuplexStream<Model, Model>;

@Controller()
@RequireScopes(MATRIX_SCOPE)
class ModelsController {
  @GrpcMethod('Models')
  get(@Payload() { name }: Model, @Principal('id') owner: string): Model {
    handled.push('get');
    return { name, owner };
  }

  @GrpcMethod('Models')
  list(@Payload() { name }: Model, @Principal('id') owner: string): Observable<Model> {
    handled.push('list');
    return from([`${name}1`, `${name}2`]).pipe(map((one) => ({ name: one, owner })));
  }

  @GrpcStreamMethod('Models')
  collect(@Payload() models: Observable<Model>, @Principal('id') owner: string): Observable<Model> {
    handled.push('collect');
    return models.pipe(reduce((all, { name }) => ({ ...all, name: all.name + name }), { name: '', owner }));
  }

  @GrpcStreamMethod('Models')
  rename(@Payload() models: Observable<Model>, @Principal('id') owner: string): Observable<Model> {
    handled.push('rename');
    return models.pipe(map(({ name }) => ({ name: `${name}!`, owner })));
  }

  @GrpcStreamCall('Models')
  pass(@Payload() call: PassedCall, @Principal('id') owner: string) {
    handled.push('pass');
    call.on('data', ({ name }: Model) => call.write({ name, owner }));
    call.on('end', () => call.end());
  }

  @GrpcStreamCall('Models')
  async passOnce(call: PassedCall, respond: (error: null, model: Model) => void) {
    handled.push('passOnce');
    let names = '';
    for await (const { name } of call as AsyncIterable<Model>) names += name;
    respond(null, { name: names });
  }

  @Public()
  @GrpcMethod('Models')
  open(@Payload() { name }: Model, @Principal('kind') owner: string): Model {
    return { name, owner };
  }

  @GrpcMethod('Models')
  deny(): Model {
    throw new AccessDeniedError('not yours');
  }

  @GrpcStreamCall('Models')
  denyPass(): void {
    throw new AccessDeniedError('not yours');
  }

  @Get('http')
  http(@Principal('id') id: string) {
    return { id };
  }
}

const methods: readonly ModelsMethod[] = ['get', 'list', 'collect', 'rename', 'pass', 'passOnce'];
const matrix = new TransportMatrix();

afterAll(() => matrix.print());

describe.each([...adapters.map((adapter) => ({ adapter })), { adapter: undefined }])(
  'gRPC methods of an application, HTTP adapter: $adapter',
  ({ adapter }) => {
    const running: { close(): unknown }[] = [];

    afterEach(async () => {
      for (const part of running.splice(0).toReversed()) await part.close();
      handled.length = 0;
      jest.restoreAllMocks();
    });

    const start = async () => {
      const [issuer, options] = await Promise.all([startIssuer(), grpcOptions()]);
      running.push(issuer);
      const { app, url } = await startGrpc(issuer, options, adapter);
      const client = modelsClient(options);
      running.push(app, client);
      return { issuer, url, client, strategy: app.get(JwtStrategy) };
    };

    it.each(methods)('N01: %s lets only good tokens in, and tells the others why', async (method) => {
      const { client, issuer } = await start();
      const call = async (token?: string): Promise<string> => codeOf(client, method, bearer(token));
      await matrix.try({ name: `gRPC ${method}, ${adapter ?? 'alone'}`, call, handled: () => handled.length }, issuer);
    });

    it.each(methods)('%s has its data and the principal', async (method) => {
      const { client, issuer } = await start();
      const token = await issuer.accessToken({ subject: 'alice', scope: MATRIX_SCOPE });
      const outcome = await client.call(method, bearer(token));
      const names = {
        get: ['a'],
        list: ['a1', 'a2'],
        collect: ['ab'],
        rename: ['a!', 'b!'],
        pass: ['a', 'b'],
        passOnce: ['ab'],
      };
      const owner = method === 'passOnce' ? undefined : 'alice';
      expect(outcome).toEqual({ models: names[method as keyof typeof names].map((name) => ({ name, owner })) });
    });

    it('answers with the statuses of gRPC, whether guards refuse or handlers', async () => {
      const { client, issuer } = await start();
      const files = await issuer.accessToken({ scope: 'files:read' });
      const good = await issuer.accessToken({ scope: MATRIX_SCOPE });
      expect(await client.call('get')).toEqual({
        code: 'missing_token',
        status: status.UNAUTHENTICATED,
        details: 'Unauthorized',
      });
      expect(await client.call('get', bearer(files))).toMatchObject({ status: status.PERMISSION_DENIED });
      const denied = { code: 'access_denied', status: status.PERMISSION_DENIED, details: 'Forbidden: not yours' };
      expect(await client.call('deny', bearer(good))).toEqual(denied);
      expect(await client.call('denyPass', bearer(good))).toEqual(denied);
      expect(handled).toEqual([]);
    });

    it('says UNAVAILABLE, and when to ask again, while the issuer cannot be reached', async () => {
      const { client, issuer } = await start();
      jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      issuer.fail('refuse');
      const token = await issuer.accessToken();
      for (const method of methods) {
        expect(await client.call(method, bearer(token))).toMatchObject({
          code: 'issuer_unavailable',
          status: status.UNAVAILABLE,
          retryAfter: expect.stringMatching(/^\d+$/),
        });
      }
      expect(handled).toEqual([]);
    });

    it('N05: does not look at the token of a public method', async () => {
      const { client } = await start();
      const owner = 'anonymous';
      for (const token of [undefined, 'bad']) {
        expect(await client.call('open', bearer(token))).toEqual({ models: [{ name: 'a', owner }] });
      }
    });

    it('N09: verifies once, with the keys and the cache of the HTTP routes', async () => {
      const { client, issuer, url, strategy } = await start();
      const run = jest.spyOn(strategy, 'run');
      const token = await issuer.accessToken({ subject: 'alice', scope: MATRIX_SCOPE });
      expect(await client.call('get', bearer(token))).toEqual({ models: [{ name: 'a', owner: 'alice' }] });
      expect(run).toHaveBeenCalledTimes(1);
      if (url !== undefined) expect((await fetch(`${url}/http`, { headers: bearer(token) })).status).toBe(200);
      await client.call('list', bearer(token));
      expect(run.mock.results.at(-1)?.value).toMatchObject({ id: 'alice' }); // at once: out of the cache
      expect(issuer.jwksFetches).toBe(1);
    });

    it('N11: gives each of many callers at once its own principal', async () => {
      const { client, issuer } = await start();
      const owners = Array.from({ length: 50 }, (_, at) => `user-${at}`);
      const outcomes = await Promise.all(
        owners.map(async (subject) =>
          client.call('get', bearer(await issuer.accessToken({ subject, scope: MATRIX_SCOPE }))),
        ),
      );
      expect(outcomes).toEqual(owners.map((owner) => ({ models: [{ name: 'a', owner }] })));
    });
  },
);

async function codeOf(client: ModelsClient, method: ModelsMethod, metadata: Record<string, string>): Promise<string> {
  const outcome = await client.call(method, metadata);
  return 'models' in outcome ? 'ok' : outcome.code;
}

async function startGrpc({ issuer }: TestIssuer, options: GrpcOptions, adapter: (typeof adapters)[number] | undefined) {
  const imports = [AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } })];
  const controllers = [ModelsController];
  if (adapter === undefined) {
    @Module({ imports, controllers })
    class GrpcModule {}
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(GrpcModule, { ...options, logger: false });
    await app.listen();
    return { app, url: undefined };
  }
  const { app, url } = await startApp(adapter, {
    imports,
    controllers,
    configure: (built) => void built.connectMicroservice(options, { inheritAppConfig: adapter === 'fastify' }),
  });
  await app.startAllMicroservices();
  return { app, url };
}
