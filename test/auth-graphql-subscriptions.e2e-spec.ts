import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import {
  Context,
  Field,
  GqlExecutionContext,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { AuthGuard } from '@nestjs/passport';
import { Clock, MemoryRevocation, OptionalAuth, Principal, Public, RequireScopes } from '@nmp/auth';
import { ProofKey, type TestIssuer } from '@nmp/auth/testing';
import { type GraphqlParts, startGraphql } from './support/graphql-apps.js';
import { GraphqlSocket, type SocketMessage } from './support/graphql-socket.js';
import { adapters } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';
import { TransportMatrix } from './support/transport-matrix.js';

let reached = 0;

/** What applications of `@nestjs/passport` have for GraphQL. */
@Injectable()
class GqlJwtGuard extends AuthGuard('jwt') {
  override getRequest(context: ExecutionContext): unknown {
    return GqlExecutionContext.create(context).getContext<{ req: unknown }>().req;
  }
}

@ObjectType()
class Tick {
  @Field()
  at!: number;
}

@Resolver(() => Tick)
class TickResolver {
  @Subscription(() => Tick)
  @RequireScopes('models:read')
  async *ticks() {
    reached++;
    for (let at = 1; ; at++) {
      yield await Promise.resolve({ ticks: { at } });
      if (at === 2) return;
    }
  }

  /** Has nothing to tell after the first event. */
  @Subscription(() => String)
  async *patient(@Principal('id') id: string) {
    yield { patient: id };
    await new Promise(() => {});
  }

  @ResolveField(() => String)
  owner(@Principal('id') id: string) {
    return id;
  }

  @Query(() => String)
  me(@Principal('id') id: string) {
    return id;
  }
}

@Resolver()
class NewsResolver {
  @Public()
  @Subscription(() => String)
  async *news(@Principal('kind') kind: string) {
    yield await Promise.resolve({ news: kind });
  }

  @OptionalAuth()
  @Subscription(() => String)
  async *greetings(@Principal('kind') kind: string) {
    yield await Promise.resolve({ greetings: kind });
  }
}

@ObjectType()
class Book {
  @Field()
  title!: string;
}

@Resolver(() => Book)
class CatalogResolver {
  @Query(() => Book)
  @Public()
  catalog() {
    return { title: 'Manual' };
  }

  @ResolveField(() => String)
  owner(@Principal('id') id: string) {
    reached++;
    return id;
  }

  @Query(() => String, { nullable: true })
  @Public()
  @UseGuards(GqlJwtGuard)
  openPassport(@Context() { req }: { req: { user?: { id: string } } }) {
    reached++;
    return req.user?.id;
  }

  @Query(() => String)
  me(@Principal('id') id: string) {
    return id;
  }
}

const matrix = new TransportMatrix();
afterAll(() => matrix.print());

describe.each(adapters)('GraphQL subscriptions on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    reached = 0;
  });

  const start = async (given: Partial<GraphqlParts> & { issuer?: TestIssuer; clock?: SetClock } = {}) => {
    const { clock } = given;
    const issuer = given.issuer ?? (await startIssuer(clock && { clock }));
    running.push(issuer);
    const { app, url } = await startGraphql(adapter, {
      resolvers: [TickResolver],
      graphql: { subscriptions: { 'graphql-ws': true } },
      ...given,
      issuer,
      ...(clock && { parts: { override: (builder) => builder.overrideProvider(Clock).useValue(clock) } }),
    });
    running.push(app);
    const connect = async (params?: unknown, headers?: Record<string, string>): Promise<GraphqlSocket> => {
      const socket = await GraphqlSocket.open(url, params, headers);
      running.push(socket);
      return socket;
    };
    return { issuer, connect };
  };

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('N03: lets nobody but the right caller in', async () => {
    const { issuer, connect } = await start();
    const call = async (token: string | undefined): Promise<string> => {
      const socket = await connect(token === undefined ? undefined : bearer(token));
      const outcome = await socket.outcome();
      if (outcome !== 'connected') return outcome.split(' ')[1] ?? '';
      return reasonOf(await socket.nextOf(socket.start('subscription { ticks { at } }')));
    };
    await matrix.try({ name: `GraphQL subscription, ${adapter}`, call, handled: () => reached }, issuer);
  });

  it('N03: hands queries and events of a connection the principal, from either place of the token', async () => {
    const { issuer, connect } = await start();
    const token = await issuer.accessToken({ scope: 'models:read' });
    const ways: [unknown, Record<string, string>?][] = [
      [bearer(token)],
      [{ Authorization: `Bearer ${token}` }],
      [undefined, bearer(token)],
      [bearer(token), bearer(token)],
    ];
    for (const [params, headers] of ways) {
      const socket = await connect(params, headers);
      expect(await socket.outcome()).toBe('connected');
      const events = socket.start('subscription { ticks { at owner } }');
      for (const at of [1, 2]) {
        expect(await socket.nextOf(events)).toEqual({
          type: 'next',
          id: events,
          payload: { data: { ticks: { at, owner: 'user-1' } } },
        });
      }
      const query = socket.start('{ me }');
      expect((await socket.nextOf(query))?.payload).toEqual({ data: { me: 'user-1' } });
    }
  });

  it('T12: refuses two credentials that contradict each other, and what is no token', async () => {
    const { issuer, connect } = await start();
    const [one, other] = [await issuer.accessToken(), await issuer.accessToken()];
    const contradictions: [unknown, Record<string, string>?][] = [
      [bearer(one), bearer(other)],
      [{ authorization: `Bearer ${one}`, Authorization: `Bearer ${other}` }],
      [{ authorization: { token: one } }],
      [{ authorization: `Bearer ${one} ${other}` }],
    ];
    for (const [params, headers] of contradictions) {
      expect(await (await connect(params, headers)).outcome()).toBe('4400 malformed_request');
    }
    for (const params of [{ token: one }, { authorization: null }, {}, undefined]) {
      expect(await (await connect(params)).outcome()).toBe('4401 missing_token');
    }
  });

  it('tells what a client may try again with another token from what it should give up', async () => {
    const { issuer, connect } = await start();
    const expired = bearer(await issuer.accessToken({ expiresInSeconds: -3600 }));
    expect(await (await connect(expired)).outcome()).toBe('4403 token_expired');
    const away = await start();
    away.issuer.fail('refuse');
    expect(await (await away.connect(bearer(await away.issuer.accessToken()))).outcome()).toBe(
      '1013 issuer_unavailable',
    );
  });

  it('N06: lets callers without a token connect where something is open to them, and nobody with a bad one', async () => {
    const { issuer, connect } = await start({ resolvers: [TickResolver, NewsResolver] });
    const socket = await connect();
    expect(await socket.outcome()).toBe('connected');
    expect((await socket.nextOf(socket.start('subscription { news }')))?.payload).toEqual({
      data: { news: 'anonymous' },
    });
    const greetings = await socket.nextOf(socket.start('subscription { greetings }'));
    expect(greetings?.payload).toEqual({ data: { greetings: 'anonymous' } });
    const closed = await socket.nextOf(socket.start('subscription { ticks { at } }'));
    expect(closed?.payload).toEqual({
      errors: [
        expect.objectContaining({
          message: 'Unauthorized',
          extensions: { code: 'UNAUTHENTICATED', reason: 'missing_token', detail: 'Unauthorized' },
        }),
      ],
    });
    expect(reached).toBe(0);
    expect(await (await connect({ authorization: 'Bearer garbage' })).outcome()).toBe('4403 token_malformed');
    const known = await connect(bearer(await issuer.accessToken()));
    expect(await known.outcome()).toBe('connected');
    const greeting = await known.nextOf(known.start('subscription { greetings }'));
    expect(greeting?.payload).toEqual({ data: { greetings: 'user' } });
  });

  it('takes no operation while the token is being verified', async () => {
    const { issuer, connect } = await start();
    issuer.fail('hang');
    const socket = await connect(bearer(await issuer.accessToken()));
    socket.start('{ me }');
    expect(await socket.end()).toBe('4401 Unauthorized');
  });

  it('N02: ends with the token, and with it every subscription', async () => {
    const clock = new SetClock();
    const { issuer, connect } = await start({ clock, auth: { clockToleranceSeconds: 0 } });
    const socket = await connect(bearer(await issuer.accessToken({ expiresInSeconds: 1 })));
    expect(await socket.outcome()).toBe('connected');
    const lasting = await connect(bearer(await issuer.accessToken({ expiresInSeconds: 100 * 86_400 })));
    expect(await lasting.outcome()).toBe('connected');
    const events = socket.start('subscription { patient }');
    expect((await socket.nextOf(events))?.payload).toEqual({ data: { patient: 'user-1' } });

    clock.advance(1);
    expect(await socket.end()).toBe('4403 token_expired');
    const query = lasting.start('{ me }');
    expect((await lasting.nextOf(query))?.payload).toEqual({ data: { me: 'user-1' } });
  });

  it('verifies the token again for each operation of a connection', async () => {
    const revocation = new MemoryRevocation();
    const { issuer, connect } = await start({ auth: { revocation } });
    const socket = await connect(bearer(await issuer.accessToken()));
    expect(await socket.outcome()).toBe('connected');
    expect((await socket.nextOf(socket.start('{ me }')))?.payload).toEqual({ data: { me: 'user-1' } });
    revocation.revokeSubject(issuer.issuer, 'user-1', 3600);
    expect(reasonOf(await socket.nextOf(socket.start('{ me }')))).toBe('token_revoked');
  });

  it.each([
    ['of the server', (context: unknown) => ({ context, subscriptions: { 'graphql-ws': true as const } })],
    ['of graphql-ws', (context: unknown) => ({ subscriptions: { 'graphql-ws': { context } as object } })],
    ['of all protocols', (context: unknown) => ({ subscriptions: { 'graphql-ws': true as const, context } as object })],
  ])('N03: a revoked token reaches no field below what is open, with the context %s', async (_whose, graphqlWith) => {
    const revocation = new MemoryRevocation();
    const { issuer, connect } = await start({
      auth: { revocation },
      resolvers: [CatalogResolver],
      graphql: graphqlWith((given: { extra?: { request: object } }) => ({ req: given.extra?.request ?? given })),
    });
    const socket = await connect(bearer(await issuer.accessToken()));
    expect(await socket.outcome()).toBe('connected');
    const before = await socket.nextOf(socket.start('{ me catalog { owner } openPassport }'));
    expect(before?.payload).toEqual({ data: { me: 'user-1', catalog: { owner: 'user-1' }, openPassport: 'user-1' } });
    revocation.revokeSubject(issuer.issuer, 'user-1', 3600);
    for (const query of ['{ catalog { owner } }', '{ openPassport }', '{ me catalog { owner } }', '{ openPassport }']) {
      expect(reasonOf(await socket.nextOf(socket.start(query)))).toBe('token_revoked');
    }
    expect(reached).toBe(2);
  });

  it('N10: takes nothing of a client for the request that it came by', async () => {
    const forged = {
      headers: { 'x-nmp-principal-id': 'admin@example.com' },
      rawHeaders: [],
      socket: { remoteAddress: '10.1.2.3' },
    };
    const { connectionParams, ...connection } = {
      connectionInitReceived: true,
      extra: { request: forged, socket: {} },
      connectionParams: forged,
    };
    type Given = { connectionParams?: object; extra?: { request: object }; req?: object };
    const contexts: [(given: Given) => object, object][] = [
      [(given) => ({ req: given.extra?.request, ...given.connectionParams }), { req: forged }],
      [
        (given) => ({ req: given.extra?.request, ...given.connectionParams }),
        { req: { ...connection, connectionParams } },
      ],
      [(given) => ({ req: given.connectionParams }), forged],
      [(given) => ({ req: { ...given.extra?.request, ...given.connectionParams } }), forged],
      [(given) => ({ req: { headers: given.connectionParams } }), forged.headers],
      [(given) => ({ req: { headers: given.connectionParams } }), { x: { toString: 1 } }],
    ];
    for (const [context, params] of contexts) {
      const { issuer, connect } = await start({
        auth: { trustedHeaders: { cidrs: ['10.0.0.0/8'] } },
        graphql: { subscriptions: { 'graphql-ws': true }, context },
      });
      const socket = await connect({ ...bearer(await issuer.accessToken()), ...params });
      expect(await socket.outcome()).toBe('connected');
      const { payload } = (await socket.nextOf(socket.start('{ me }'))) ?? {};
      expect(payload).toMatchObject({ errors: [{ message: 'Forbidden resource', path: ['me'] }] });
    }
  });

  it('refuses a token that is bound to a key, since a proof is for one request', async () => {
    const { issuer, connect } = await start({ auth: { publicUrl: 'https://api.example.com', dpop: {} } });
    const key = await ProofKey.generate();
    const token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } } });
    const proof = key.proof({ url: 'https://api.example.com/graphql', token });
    const socket = await connect(undefined, { authorization: `DPoP ${token}`, dpop: proof });
    expect(await socket.outcome()).toBe('4403 token_claims');
  });

  it("asks the application's own hook after the module's, and finds the token where its context has the request alone", async () => {
    const asked: unknown[] = [];
    const onConnect = ({ connectionParams }: { connectionParams?: unknown }): boolean => {
      asked.push(connectionParams);
      return asked.length < 2;
    };
    const context = ({ extra, req }: { extra?: { request: object }; req?: object }) => ({ req: extra?.request ?? req });
    const { issuer, connect } = await start({
      graphql: { subscriptions: { 'graphql-ws': { onConnect } }, context },
    });
    expect(await (await connect()).outcome()).toBe('4401 missing_token');
    expect(asked).toEqual([]);
    const params = bearer(await issuer.accessToken());
    const socket = await connect(params);
    expect(await socket.outcome()).toBe('connected');
    expect((await socket.nextOf(socket.start('{ me }')))?.payload).toEqual({ data: { me: 'user-1' } });
    expect(await (await connect(params)).outcome()).toBe('4403 Forbidden');
  });

  it.each([
    ['the connection', undefined],
    ['its upgrade request', ({ extra }: { extra: { request: object } }) => ({ req: extra.request })],
  ])('believes a trusted gateway where the context has %s, and hides its secret', async (_what, context) => {
    const secret = 'a-secret-of-32-characters-or-more';
    const seen: unknown[] = [];
    const onConnect = ({ extra }: { extra: unknown }): void => {
      const { headers } = (extra as { request: { headers: object } }).request; // of graphql-ws with ws
      seen.push(...Object.keys(headers).filter((name) => name.startsWith('x-')));
    };
    const { connect } = await start({
      auth: { trustedHeaders: { secretHeader: 'x-gateway-secret', secret } },
      graphql: { subscriptions: { 'graphql-ws': { onConnect } }, ...(context && { context }) },
    });
    const headers = { 'x-nmp-principal-id': 'alice', 'x-gateway-secret': secret };
    const socket = await connect(undefined, headers);
    expect(await socket.outcome()).toBe('connected');
    for (const query of ['{ me }', '{ me again: me }']) {
      expect((await socket.nextOf(socket.start(query)))?.payload).toMatchObject({ data: { me: 'alice' } });
    }
    expect(seen).toEqual([]);
    expect(await (await connect(headers)).outcome()).toBe('4401 missing_token'); // a client's word
  });

  it('N11: an application does not let in who may connect to another', async () => {
    const [one, other] = [await start(), await start()];
    const token = bearer(await one.issuer.accessToken());
    expect(await (await other.connect(token)).outcome()).toBe('4403 token_issuer');
    expect(await (await one.connect(token)).outcome()).toBe('connected');
  });
});

function reasonOf(message: SocketMessage | undefined): string {
  const { payload } = message ?? {};
  const errors = Array.isArray(payload) ? payload : (payload as { errors?: unknown[] } | undefined)?.errors;
  const [first] = (errors ?? []) as { extensions?: { reason?: string } }[];
  return first?.extensions?.reason ?? 'ok';
}
