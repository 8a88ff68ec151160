import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ExecutionContext, Injectable, Logger, Scope, UseGuards } from '@nestjs/common';
import { Args, Context, GqlExecutionContext, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AuthGuard } from '@nestjs/passport';
import { JwtStrategy, Principal, Public, RequireScopes } from '@nmp/auth';
import { type GraphqlAnswer, type GraphqlParts, startGraphql } from './support/graphql-apps.js';
import { GraphqlSocket } from './support/graphql-socket.js';
import { adapters } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

let reached: string[] = [];

/** What applications of `@nestjs/passport` have for GraphQL. */
@Injectable()
class GqlJwtGuard extends AuthGuard('jwt') {
  override getRequest(context: ExecutionContext): unknown {
    return GqlExecutionContext.create(context).getContext<{ req: unknown }>().req;
  }
}

/** Fastify's way to hand itself a request without a connection. */
type Inject = (request: object) => Promise<{ json(): unknown }>;

interface GqlContext {
  req: {
    user?: { id: string };
    headers: Record<string, unknown>;
    rawHeaders?: string[];
    raw?: { rawHeaders: string[] };
  };
}

@Resolver()
class ContextResolver {
  @Query(() => String, { nullable: true })
  me(@Principal('id') id: string) {
    reached.push('me');
    return id;
  }

  @Query(() => String, { nullable: true })
  @Public()
  open() {
    return 'open';
  }

  /** What a handler finds in the request of headers that only a gateway may write. */
  @Query(() => String, { nullable: true })
  @Public()
  gateway(@Context() { req }: GqlContext) {
    const raw = req.raw?.rawHeaders ?? req.rawHeaders ?? [];
    return [...Object.keys(req.headers), ...raw].filter((name) => /^x-/i.test(name)).join();
  }

  @Query(() => String, { nullable: true })
  user(@Context() { req }: GqlContext) {
    return req.user?.id;
  }

  @Query(() => String, { nullable: true })
  @UseGuards(GqlJwtGuard)
  passport(@Context() { req }: GqlContext) {
    reached.push('passport');
    return req.user?.id;
  }

  @Query(() => String, { nullable: true })
  @Public()
  @UseGuards(GqlJwtGuard)
  openPassport(@Context() { req }: GqlContext) {
    reached.push('openPassport');
    return req.user?.id;
  }

  @Query(() => String, { nullable: true })
  @UseGuards(AuthGuard('jwt'))
  wrongPassport() {
    reached.push('wrongPassport');
    return 'in';
  }
}

@Resolver()
@Injectable({ scope: Scope.REQUEST })
class RequestScopedResolver {
  @Query(() => String, { nullable: true })
  scoped(@Principal('id') id: string) {
    return id;
  }
}

@Resolver('Book')
class BookResolver {
  @Query('book')
  @Public()
  book() {
    return { title: 'Manual' };
  }

  @ResolveField()
  @RequireScopes('books:read')
  price() {
    reached.push('price');
    return 7;
  }

  @ResolveField('shelf')
  shelf(@Args('row') row: number, @Principal('id') id: string) {
    return `${id} ${row}`;
  }
}

describe.each(adapters)('the context of GraphQL on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    reached = [];
    jest.restoreAllMocks();
  });

  const start = async (given: Partial<GraphqlParts> = {}) => {
    const issuer = await startIssuer();
    running.push(issuer);
    const served = await startGraphql(adapter, { issuer, resolvers: [ContextResolver], ...given });
    running.push(served.app);
    return { issuer, ...served };
  };

  it('may be made by the application, as long as the request is in it', async () => {
    const contexts = [
      () => ({ loaders: {} }),
      async ({ req }: { req?: object }) => Promise.resolve({ ...(req && { req }), loaders: {} }),
      { loaders: {} },
      (request: { req?: object }) => ({ request: request.req ?? request, req: undefined }),
    ];
    for (const context of contexts) {
      const { issuer, ask } = await start({ graphql: { context } });
      for (const subject of ['one', 'two']) {
        const token = await issuer.accessToken({ subject });
        expect((await ask('{ me user }', token)).body.data).toEqual({ me: subject, user: subject });
      }
    }
  });

  it('N04: is refused where the request is not in it, with a principal of its own even', async () => {
    const principal = { kind: 'user', id: 'forged', scopes: [] };
    for (const req of [{ user: principal }, { headers: new Headers() }, { headers: 'none' }]) {
      const { issuer, ask } = await start({ graphql: { context: () => ({ req, user: principal, principal }) } });
      const { body } = await ask('{ open me }', await issuer.accessToken());
      expect(body.data).toEqual({ open: 'open', me: null });
      expect(body.errors).toEqual([
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) }),
      ]);
    }
    expect(reached).toEqual([]);
  });

  it('has the request that a test of the application injects, too', async () => {
    const { issuer, app } = await start();
    const server = app.getHttpAdapter().getInstance() as { inject?: Inject };
    if (server.inject === undefined) return; // Express has no such thing
    const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
    const answer = await server.inject({ method: 'POST', url: '/graphql', headers, payload: { query: '{ me }' } });
    expect(answer.json()).toEqual({ data: { me: 'user-1' } });
  });

  it('N11: is refused where one object serves two requests', async () => {
    const shared: { req?: object } = {};
    const context = (given: { req?: object }) => Object.assign(shared, { req: shared.req ?? given.req ?? given });
    const { issuer, ask } = await start({ graphql: { context } });
    const [one, two] = [await issuer.accessToken({ subject: 'one' }), await issuer.accessToken({ subject: 'two' })];
    expect((await ask('{ me }', one)).body.data).toEqual({ me: 'one' });
    const { body } = await ask('{ me }', two);
    expect(JSON.stringify(body)).toContain('one object for two requests');
    expect(reached).toEqual(['me']);
  });

  it('N10: has no principal that a client has put into the request', async () => {
    const { ask } = await start();
    const { body } = await ask('{ me user }', undefined, { user: 'admin', principal: '{"kind":"user"}' });
    expect(reasonsOf(body)).toEqual(['missing_token', 'missing_token']);
  });

  it('keeps what only a gateway may write from handlers, and believes it where the gateway is trusted', async () => {
    const headers = { 'X-NMP-Principal-Id': 'alice', 'x-gateway-secret': 'a-secret-of-32-characters-or-more' };
    const secret = { secretHeader: 'x-gateway-secret', secret: headers['x-gateway-secret'] };
    for (const query of ['{ gateway me again: gateway }', '{ me gateway }']) {
      const trusting = await start({ auth: { trustedHeaders: secret } });
      const trusted = (await trusting.ask(query, undefined, headers)).body;
      expect(trusted.data).toMatchObject({ gateway: '', me: 'alice' });
      const plain = await start();
      const { body } = await plain.ask(query, undefined, { 'X-NMP-Principal-Id': 'alice' });
      expect([body.data?.gateway, reasonsOf(body)]).toEqual(['', ['missing_token']]);
    }
  });

  it("passport's own guard verifies the request of the context, and is answered as the module's is", async () => {
    const faults = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { issuer, ask, app } = await start();
    const identified = jest.spyOn(app.get(JwtStrategy), 'run');
    const token = await issuer.accessToken();
    expect((await ask('{ passport openPassport }', token)).body.data).toEqual({
      passport: 'user-1',
      openPassport: 'user-1',
    });
    expect(identified.mock.calls.length).toBeLessThanOrEqual(2);
    for (const [bad, reason] of [
      [undefined, 'missing_token'],
      ['garbage', 'token_malformed'],
    ] as const) {
      const { body } = await ask('{ passport openPassport }', bad);
      expect([body.data, reasonsOf(body)]).toEqual([{ passport: null, openPassport: null }, [reason, reason]]);
    }
    expect(faults).not.toHaveBeenCalled();
    const wrong = await ask('{ wrongPassport }', token); // asks for a request where GraphQL has none
    expect(wrong.body.data).toEqual({ wrongPassport: null });
    expect(new Set(reached)).toEqual(new Set(['passport', 'openPassport'])); // they run at the same time
  });

  it("passport's own guard works over a connection", async () => {
    const { issuer, url } = await start({ graphql: { subscriptions: { 'graphql-ws': true } } });
    const socket = await GraphqlSocket.open(url, { authorization: `Bearer ${await issuer.accessToken()}` });
    running.push(socket);
    expect(await socket.outcome()).toBe('connected');
    for (const query of ['{ passport me }', '{ openPassport }']) {
      const { payload } = (await socket.nextOf(socket.start(query))) ?? {};
      expect(payload).toEqual({ data: expect.objectContaining({}) });
    }
    expect(new Set(reached)).toEqual(new Set(['passport', 'me', 'openPassport']));
    const stranger = await GraphqlSocket.open(url);
    running.push(stranger);
    expect(await stranger.outcome()).toBe('connected'); // `open` is open
    const { payload } = (await stranger.nextOf(stranger.start('{ openPassport }'))) ?? {};
    expect(reasonsOf(payload as GraphqlAnswer)).toEqual(['missing_token']);
  });

  it('serves resolvers that are made for each request', async () => {
    const { issuer, ask } = await start({ resolvers: [RequestScopedResolver] });
    expect((await ask('{ scoped }', await issuer.accessToken())).body.data).toEqual({ scoped: 'user-1' });
    expect(reasonsOf((await ask('{ scoped }')).body)).toEqual(['missing_token']);
  });

  it('N03: guards what a schema was written for first', async () => {
    const typeDefs = `
      type Book { title: String price: Int shelf(row: Int): String }
      type Query { book: Book }`;
    const { issuer, ask } = await start({
      resolvers: [BookResolver],
      graphql: { autoSchemaFile: false, typeDefs },
    });
    const query = '{ book { title price shelf(row: 3) } }';
    const none = await ask(query);
    expect([none.body.data, reasonsOf(none.body)]).toEqual([
      { book: { title: 'Manual', price: null, shelf: null } },
      ['missing_token', 'missing_token'],
    ]);
    expect(reached).toEqual([]);
    const good = await ask(query, await issuer.accessToken({ scope: 'books:read' }));
    expect(good.body).toEqual({ data: { book: { title: 'Manual', price: 7, shelf: 'user-1 3' } } });
  });
});

function reasonsOf({ errors = [] }: GraphqlAnswer): unknown[] {
  return errors.map(({ extensions }) => extensions?.reason);
}
