import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Inject, Logger, UseInterceptors } from '@nestjs/common';
import {
  type ClientGrpcProxy,
  type ClientProxy,
  Ctx,
  GrpcMethod,
  MessagePattern,
  Payload,
} from '@nestjs/microservices';
import {
  AuthModule,
  AuthorizedClient,
  ForwardCaller,
  grpcCredentialsOfCaller,
  headersOfCaller,
  OptionalAuth,
  Principal,
} from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { map, type Observable } from 'rxjs';
import { grpcOptions, type Model, modelsClient } from './support/grpc-apps.js';
import { adapters, type AdapterName, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';

const Next = Symbol('Next');
const NextModels = Symbol('NextModels');
const trustedHeaders = { secretHeader: 'X-Gateway-Secret', secret: 'a secret of the gateway' };

/** What the handler of a service sees of its caller and of its message. */
interface Seen {
  readonly id: string;
  readonly email?: string;
  readonly groups: readonly string[];
  readonly data: unknown;
  readonly metadata: unknown;
}

/** Answers who called it. */
@Controller()
class LastController {
  @OptionalAuth()
  @MessagePattern('who')
  who(@Payload() data: unknown, @Ctx() context: { getMetadata(): unknown }, @Principal() principal: Principal): Seen {
    const { id, email, groups } = principal;
    return { id, groups, data, metadata: context.getMetadata(), ...(email !== undefined && { email }) };
  }

  @GrpcMethod('Models')
  get(@Payload() { name }: Model, @Principal('id') owner: string): Model {
    return { name, owner };
  }
}

/** Passes on what it is asked. */
@Controller()
@UseInterceptors(ForwardCaller)
class FrontController {
  constructor(
    @Inject(Next) private readonly next: ClientProxy,
    @Inject(NextModels) private readonly models: ClientGrpcProxy,
  ) {}

  @Get('who')
  @MessagePattern('relay')
  who(): Observable<Seen> {
    return AuthorizedClient.ofCaller(this.next).send<Seen>('who', { asked: 'by the front' });
  }

  @Get('later')
  async later(): Promise<Observable<Seen>> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.who();
  }

  @Get('model')
  model(): Observable<string | undefined> {
    const models = this.models.getService<{ get(model: Model): Observable<Model> }>('Models');
    return models.get({ name: 'm' }).pipe(map(({ owner }) => owner));
  }

  @OptionalAuth()
  @Get('anonymous')
  anonymous(): Observable<Seen> {
    return AuthorizedClient.ofCaller(this.next, { anonymous: true }).send<Seen>('who', { 'nmp:headers': {} });
  }

  @OptionalAuth()
  @Get('expecting')
  expecting(): Observable<Seen> {
    return this.who();
  }

  @Get('headers')
  headers() {
    return headersOfCaller();
  }
}

@Controller()
class ForgetfulController {
  constructor(@Inject(Next) private readonly next: ClientProxy) {}

  @Get('forgetful')
  forgetful(): Observable<Seen> {
    return AuthorizedClient.ofCaller(this.next).send<Seen>('who', {});
  }
}

describe.each(adapters)('ForwardCaller, HTTP by %s', (adapter) => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    jest.restoreAllMocks();
  });

  const start = async () => {
    const issuer = await startIssuer();
    running.push(issuer);
    const services = await startServices(adapter, issuer);
    running.push(...services.running);
    const get = async (path: string, headers: Record<string, string>) => {
      const answer = await fetch(`${services.url}/${path}`, { headers });
      const text = await answer.text();
      return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as object) : text };
    };
    return { issuer, get, front: services.front };
  };

  const bearerOf = async (issuer: TestIssuer, subject: string) => ({
    authorization: `Bearer ${await issuer.accessToken({ subject })}`,
  });

  it("carries the caller's token over TCP and gRPC", async () => {
    const { issuer, get } = await start();
    const alice = await bearerOf(issuer, 'alice');
    const seen = { id: 'alice', email: 'user@example.com', groups: [], data: { asked: 'by the front' } };
    expect(await get('who', alice)).toEqual({ status: 200, body: seen });
    expect(await get('later', alice)).toEqual({ status: 200, body: seen });
    expect(await get('model', alice)).toEqual({ status: 200, body: 'alice' });
    expect(await get('headers', alice)).toEqual({ status: 200, body: alice });
  });

  it('carries it on over a second hop, from a handler of messages', async () => {
    const { issuer, front } = await start();
    const token = await issuer.accessToken({ subject: 'alice' });
    expect(await front.ask('relay', token)).toMatchObject({ value: { id: 'alice' } });
  });

  it('carries whom a trusted gateway has named, and the handler sees neither headers nor secret', async () => {
    const { get } = await start();
    const headers = {
      'X-NMP-Principal-Id': 'alice',
      'X-NMP-Principal-Email': 'alice@example.com',
      'X-NMP-Principal-Groups': 'team-ml,auditors',
      'X-Gateway-Secret': trustedHeaders.secret,
    };
    const data = { asked: 'by the front' };
    const seen = { id: 'alice', email: 'alice@example.com', groups: ['team-ml', 'auditors'], data };
    expect(await get('who', headers)).toEqual({ status: 200, body: seen });
    expect(await get('model', headers)).toEqual({ status: 200, body: 'alice' });
  });

  it('N11: never takes one caller for another', async () => {
    const { issuer, get } = await start();
    const subjects = Array.from({ length: 30 }, (_, at) => `user-${at}`);
    const answers = await Promise.all(
      subjects.map(async (subject, at) => get(at % 2 === 0 ? 'later' : 'who', await bearerOf(issuer, subject))),
    );
    expect(answers.map(({ body }) => (body as { id: string }).id)).toEqual(subjects);
  });

  it('sends nothing for nobody, unless it is asked to', async () => {
    const { issuer, get } = await start();
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    expect(await get('expecting', {})).toMatchObject({ status: 500 });
    expect(errors.mock.calls.flat()).toContainEqual(expect.objectContaining({ reason: 'anonymous_caller' }));
    expect(await get('forgetful', await bearerOf(issuer, 'alice'))).toMatchObject({ status: 500 });
    expect(errors.mock.calls.flat()).toContainEqual(expect.objectContaining({ reason: 'no_caller' }));
    // What the caller sends as data is never taken for headers on the way.
    expect(await get('anonymous', {})).toEqual({
      status: 200,
      body: { id: '', groups: [], data: { 'nmp:headers': {} } },
    });
  });
});

async function startServices(adapter: AdapterName, issuer: TestIssuer) {
  const guarded = () => AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' }, trustedHeaders });
  const options = await grpcOptions();
  const last = await startApp(adapter, {
    imports: [guarded()],
    controllers: [LastController],
    configure: (built) => void built.connectMicroservice(options),
  });
  const next = await connectTcp(last.app);
  const models = modelsClient(options, [grpcCredentialsOfCaller()]);
  const clients = {
    module: class Clients {},
    global: true,
    providers: [
      { provide: Next, useValue: next.client },
      { provide: NextModels, useValue: models.client },
    ],
    exports: [Next, NextModels],
  };
  const { app, url } = await startApp(adapter, {
    imports: [guarded(), clients],
    controllers: [FrontController, ForgetfulController],
  });
  const front = await connectTcp(app);
  return { url, front, running: [last.app, next, models, app, front] };
}
