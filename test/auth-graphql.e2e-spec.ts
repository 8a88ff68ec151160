import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { type DynamicModule, Logger } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { JwtStrategy, PolicyDecisionPoint, Principal, Public, RequireScopes } from '@nmp/auth';
import { StaticPolicyDecisionPoint } from '@nmp/auth/testing';
import { type GraphqlAnswer, type GraphqlParts, startGraphql } from './support/graphql-apps.js';
import { adapters } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { ModelResolver, reached } from './support/model.resolver.js';
import { TransportMatrix } from './support/transport-matrix.js';

@Public()
@Resolver()
class OpenResolver {
  @Query(() => String, { nullable: true })
  ofOpenClass(@Principal('kind') kind: string) {
    return kind;
  }

  @Query(() => String, { nullable: true })
  @RequireScopes('models:read')
  closedAgain() {
    reached.push('closedAgain');
    return 'in';
  }
}

@RequireScopes('models:read')
@Resolver()
class ClosedResolver {
  @Query(() => String, { nullable: true })
  ofClosedClass() {
    reached.push('ofClosedClass');
    return 'in';
  }

  @Public()
  @Query(() => String, { nullable: true })
  openedAgain(@Principal('kind') kind: string) {
    return kind;
  }
}

@RequireScopes('models:read')
@Resolver({ isAbstract: true })
class ParentResolver {
  @Query(() => String, { nullable: true })
  ofParent() {
    reached.push('ofParent');
    return 'in';
  }

  @Public()
  @Query(() => String, { nullable: true })
  openInParent(@Principal('kind') kind: string) {
    return kind;
  }
}

@Resolver()
class HeirResolver extends ParentResolver {
  @Query(() => String, { nullable: true })
  ofHeir() {
    reached.push('ofHeir');
    return 'in';
  }
}

const matrix = new TransportMatrix();
afterAll(() => matrix.print());

describe.each(adapters)('GraphQL over HTTP on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    reached.length = 0;
    jest.restoreAllMocks();
  });

  const start = async (given: Partial<GraphqlParts> = {}) => {
    const issuer = await startIssuer();
    running.push(issuer);
    const decisions = new StaticPolicyDecisionPoint({ 'user@example.com': { ml: ['models.delete'] } });
    const asked = jest.spyOn(decisions, 'hasPermissions');
    const served = await startGraphql(adapter, {
      issuer,
      resolvers: [ModelResolver],
      ...given,
      imports: [decisionsModule(decisions)],
    });
    running.push(served.app);
    const identified = jest.spyOn(served.app.get(JwtStrategy), 'run');
    return { issuer, asked, identified, ...served };
  };

  it('N03: lets nobody but the right caller in', async () => {
    const { issuer, ask } = await start();
    const call = (query: string) => async (token: string | undefined) => {
      const { body } = await ask(query, token);
      return body.errors === undefined ? 'ok' : String(reasonsOf(body)[0]);
    };
    const handled = (): number => reached.length;
    await matrix.try({ name: `GraphQL query, ${adapter}`, call: call('{ model { name } }'), handled }, issuer);
    const mutation = 'mutation { tag(name: "new") }';
    await matrix.try({ name: `GraphQL mutation, ${adapter}`, call: call(mutation), handled }, issuer);
  });

  it('N03: hands queries, mutations and fields one principal', async () => {
    const { issuer, ask } = await start();
    const token = await issuer.accessToken({ scope: 'models:read models:write files:read' });
    const { status, body } = await ask('{ me greeting health model { name owner label files bare } }', token);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        data: {
          me: 'user-1',
          greeting: 'hello user',
          health: 'up ',
          model: { name: 'llama', owner: 'user-1 owns llama', label: 'anonymous', files: 'all files', bare: 'bare' },
        },
      },
    });
    expect((await ask('mutation { rename(name: "new") }', token)).body).toEqual({ data: { rename: 'new' } });
  });

  it('N03: guards the fields of types, each by its own rules', async () => {
    const { issuer, ask } = await start();
    const { body } = await ask('{ model { name files } }', await issuer.accessToken({ scope: 'models:read' }));
    expect(body.data).toEqual({ model: { name: 'llama', files: null } });
    expect(body.errors).toEqual([
      expect.objectContaining({
        path: ['model', 'files'],
        extensions: expect.objectContaining({ reason: 'insufficient_scope' }),
      }),
    ]);
    expect(reached).toEqual(['model']);
  });

  it('N03: closes undecorated fields of what an open query returns', async () => {
    const { ask } = await start();
    const { body } = await ask('{ catalog { name label owner bare files } }');
    const closed = { label: 'anonymous', owner: null, bare: null, files: null };
    expect(body.data).toEqual({
      catalog: [
        { name: 'one of anonymous', ...closed },
        { name: 'two', ...closed },
      ],
    });
    expect(reasonsOf(body)).toEqual(Array.from({ length: 6 }).fill('missing_token'));
    expect(reached).toEqual([]);
  });

  it('N09: identifies the caller of a query once, and of a batch once, whatever becomes of it', async () => {
    const { issuer, ask, identified } = await start();
    const query = '{ a: me b: me c: greeting d: me health catalog { owner bare } }';
    const answers = await ask([query, query, query], await issuer.accessToken());
    expect(answers.all.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    expect(identified).toHaveBeenCalledTimes(1);

    const refused = await ask([query, query], await issuer.accessToken({ expiresInSeconds: -3600 }));
    expect(new Set(refused.all.flatMap(reasonsOf))).toEqual(new Set(['token_expired']));
    expect(refused.all.map(({ data }) => data?.health)).toEqual(['up ', 'up ']);
    expect(identified).toHaveBeenCalledTimes(2);

    await ask('{ health }', 'garbage');
    expect(identified).toHaveBeenCalledTimes(2); // nobody has asked
  });

  it('N05, N06, N07: public and optional fields of one query are each right', async () => {
    const { issuer, ask } = await start();
    const query = '{ greeting health me optionalScoped }';
    const bad = await ask(query, await issuer.accessToken({ audience: 'another' }));
    expect(bad.body.data).toEqual({ greeting: null, health: 'up ', me: null, optionalScoped: null });
    expect(reasonsOf(bad.body)).toEqual(['token_audience', 'token_audience', 'token_audience']);

    const none = await ask(query);
    expect(none.body.data).toEqual({ greeting: 'hello anonymous', health: 'up ', me: null, optionalScoped: null });
    expect(reasonsOf(none.body)).toEqual(['missing_token', 'missing_token']);
    expect(reached).toEqual([]);

    const { body } = await ask('{ optionalScoped invoices }', await issuer.accessToken({ scope: 'models:read' }));
    expect([body.data, reasonsOf(body)]).toEqual([{ optionalScoped: 'in', invoices: null }, ['token_audience']]);
  });

  it('N08: what a handler says beats what its class says', async () => {
    const { ask } = await start({ resolvers: [OpenResolver, ClosedResolver] });
    const { body } = await ask('{ ofOpenClass openedAgain closedAgain ofClosedClass }');
    const open = { ofOpenClass: 'anonymous', openedAgain: 'anonymous' };
    expect(body.data).toEqual({ ...open, closedAgain: null, ofClosedClass: null });
    expect(reasonsOf(body)).toEqual(['missing_token', 'missing_token']);
    expect(reached).toEqual([]);
  });

  it('N08: a class inherits the rules of the one that it extends', async () => {
    const { issuer, ask } = await start({ resolvers: [HeirResolver] });
    const { body } = await ask('{ openInParent ofParent ofHeir }', await issuer.accessToken({ scope: 'files:read' }));
    expect(body.data).toEqual({ openInParent: 'anonymous', ofParent: null, ofHeir: null });
    expect(reasonsOf(body)).toEqual(['insufficient_scope', 'insufficient_scope']);
  });

  it('asks for permissions in the workspace that an argument names', async () => {
    const { issuer, ask, asked } = await start();
    const token = await issuer.accessToken();
    expect((await ask('{ remove(workspace: "ml") }', token)).body).toEqual({ data: { remove: 'ml' } });
    expect(reasonsOf((await ask('{ remove(workspace: "other") }', token)).body)).toEqual(['access_denied']);
    expect(reasonsOf((await ask('{ remove }', token)).body)).toEqual(['malformed_request']);
    expect(reached).toEqual(['remove']);
    expect(asked.mock.calls.map(([{ workspace }]) => workspace)).toEqual(['ml', 'other']);
  });

  it('stands before fields once where Nest has guards there, too', async () => {
    const { issuer, ask, asked } = await start({ graphql: { fieldResolverEnhancers: ['guards'] } });
    const { body } = await ask('{ model { name weights(workspace: "ml") files } }', await issuer.accessToken());
    expect(body.data).toEqual({ model: { name: 'llama', weights: 'of ml', files: 'all files' } });
    expect(asked).toHaveBeenCalledTimes(1);
    const none = await ask('{ catalog { name bare files } }');
    expect(none.body.errors).toHaveLength(4);
  });

  it('N11: takes no caller for another, in one application or two that share their classes', async () => {
    const [one, other] = [await start(), await start()];
    const callers = Array.from({ length: 20 }, (_, at) => `user-${at}`);
    const ids = await Promise.all(
      callers.map(async (subject) => {
        const { body } = await one.ask('{ me catalog { owner } }', await one.issuer.accessToken({ subject }));
        return [body.data?.me, body.data?.catalog];
      }),
    );
    expect(ids).toEqual(
      callers.map((id) => [id, [{ owner: `${id} owns one of anonymous` }, { owner: `${id} owns two` }]]),
    );
    const { body } = await other.ask('{ me catalog { owner } }', await one.issuer.accessToken());
    expect(new Set(reasonsOf(body))).toEqual(new Set(['token_issuer']));
  });

  it('lets everybody in where authentication is off', async () => {
    const { ask } = await start({ auth: { enabled: false } });
    expect((await ask('{ me catalog { bare files } }')).body).toEqual({
      data: {
        me: '',
        catalog: [
          { bare: 'bare', files: 'all files' },
          { bare: 'bare', files: 'all files' },
        ],
      },
    });
  });

  it('writes no error into the log for a refusal', async () => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { ask } = await start();
    await ask('{ me catalog { bare } }');
    await ask('{ me }', 'garbage');
    expect(errors).not.toHaveBeenCalled();
  });
});

function reasonsOf({ errors = [] }: GraphqlAnswer): unknown[] {
  return errors.map(({ extensions }) => extensions?.reason);
}

function decisionsModule(decisions: PolicyDecisionPoint): DynamicModule {
  const provider = { provide: PolicyDecisionPoint, useValue: decisions };
  return { module: class DecisionsModule {}, global: true, providers: [provider], exports: [PolicyDecisionPoint] };
}
