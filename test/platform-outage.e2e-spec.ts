import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Clock } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { AppModule } from '../src/app.module.js';
import { HttpServerAdapter } from '../src/http/http-server.adapter.js';
import { Database } from '../src/storage/database.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig } from './support/platform.js';
import { PreparedData } from './support/prepared-data.js';

let issuer: TestIssuer;
let data: PreparedData;
let app: NestFastifyApplication;
let alice: ApiCaller;
let now = new Date();
const warnings: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  issuer.fail('refuse');
  data = await PreparedData.make();
  const config = platformConfig(issuer.issuer, { dataDir: data.directory });
  const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config)] })
    .overrideProvider(Clock)
    .useValue({ now: () => now })
    .compile();
  const quiet = { log() {}, error() {}, warn: (message: unknown) => void warnings.push(String(message)) };
  app = module.createNestApplication<NestFastifyApplication>(new HttpServerAdapter(), { logger: quiet });
  await app.listen(0, '127.0.0.1');
  alice = await ApiCaller.signedIn(app, issuer, { email: 'alice@example.com' });
});

afterAll(async () => {
  await app?.close();
  data?.remove();
  await issuer?.close();
});

describe('an identity provider that cannot be reached when the service starts', () => {
  it('is said once, and answered 503 on guarded routes', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await alice.workspaces('get').expect(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(answer.body).toEqual({
        statusCode: 503,
        error: 'Service Unavailable',
        code: 'issuer_unavailable',
        detail: 'Identity provider unavailable',
      });
    }
    expect(warnings.filter((line) => line.includes(`Keys of ${issuer.issuer} cannot be fetched`))).toHaveLength(1);
  });

  it('does not keep public routes from answering', async () => {
    const nobody = ApiCaller.anonymous(app);
    await nobody.request('get', '/health/live').expect(200);
    const { body } = await nobody.request('get', '/apis/auth/discovery').expect(200);
    expect(body.oidc).toMatchObject({ issuer: issuer.issuer, token_endpoint: null });
    await nobody.workspaces('get').expect(401);
  });

  it('keeps the service from being ready, and is asked again by whoever wants to know that', async () => {
    const nobody = ApiCaller.anonymous(app);
    const name = `keys of ${issuer.issuer}`;
    const { body } = await nobody.request('get', '/health/ready').expect(503);
    expect(body).toMatchObject({
      statusCode: 503,
      code: 'unavailable',
      detail: `Not ready: ${name}`,
      details: { database: { status: 'up' }, [name]: { status: 'down', keys: 0, problem: expect.any(String) } },
    });
    now = new Date(now.getTime() + 60_000);
    issuer.recover();
    await nobody.request('get', '/health/ready').expect(200);
  });

  it('does not matter any more when it is back, without a restart', async () => {
    await alice.workspaces('get').expect(200);
  });
});

it('finishes the requests under way before it closes the database', async () => {
  const database = app.get<Database>(Database);
  const [entered, released] = [deferred(), deferred()];
  const transaction = database.transaction.bind(database);
  jest.spyOn(database, 'transaction').mockImplementation(async (run) => {
    entered.resolve();
    await released.promise;
    return transaction(run);
  });
  const server = app.getHttpServer();
  const answer = alice.workspaces('post', '', { name: 'last' }).expect(201).then();
  await entered.promise;
  const stopping = app.close();
  while (server.listening) await setImmediate();
  released.resolve();
  await answer;
  await stopping;
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
