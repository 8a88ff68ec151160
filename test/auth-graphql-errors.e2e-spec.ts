import { afterEach, describe, expect, it } from '@jest/globals';
import { Field, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccessDeniedError, PolicyTimeoutError, Public, RequireScopes } from '@nmp/auth';
import { type GraphqlParts, startGraphql } from './support/graphql-apps.js';
import { adapters } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

@ObjectType()
class Report {
  @Field()
  title!: string;
}

@Resolver(() => Report)
class ReportResolver {
  @Query(() => Report, { nullable: true })
  @RequireScopes('reports:read')
  report() {
    return { title: 'Yearly' };
  }

  @Query(() => Report)
  @Public()
  draft() {
    return { title: 'Draft' };
  }

  @Query(() => String, { nullable: true })
  @Public()
  denied(): string {
    throw new AccessDeniedError('Forbidden: not yours');
  }

  @ResolveField(() => String, { nullable: true })
  @Public()
  late(): string {
    throw new PolicyTimeoutError('Nobody has answered');
  }

  @ResolveField(() => String, { nullable: true })
  @Public()
  broken(): string {
    throw new Error('broken');
  }
}

describe.each(adapters)('refusals of GraphQL on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  const start = async (graphql: GraphqlParts['graphql'] = {}) => {
    const issuer = await startIssuer();
    running.push(issuer);
    const served = await startGraphql(adapter, { issuer, resolvers: [ReportResolver], graphql });
    running.push(served.app);
    return { issuer, ...served };
  };

  const query = '{ report { title } }';
  const quiet = { includeStacktraceInErrorResponses: false };

  it('have the codes that clients know, ours as the reason, and the challenge among the headers', async () => {
    const { issuer, ask } = await start(quiet);
    const token = await issuer.accessToken({ scope: 'files:read' });
    const failures: [string | undefined, Record<string, unknown>, string][] = [
      [undefined, { code: 'UNAUTHENTICATED', reason: 'missing_token', detail: 'Unauthorized' }, 'Bearer realm="nmp"'],
      [
        'garbage',
        {
          code: 'UNAUTHENTICATED',
          reason: 'token_malformed',
          detail: 'Invalid or expired token: it is not a signed JWT',
        },
        'error="invalid_token"',
      ],
      [
        'two words',
        { code: 'BAD_REQUEST', reason: 'malformed_request', detail: expect.stringMatching(/^Invalid bearer token/) },
        'error="invalid_request"',
      ],
      [
        token,
        {
          code: 'FORBIDDEN',
          reason: 'insufficient_scope',
          detail: 'Forbidden: the token lacks a required scope (reports:read)',
        },
        'scope="reports:read"',
      ],
    ];
    for (const [sent, extensions, challenge] of failures) {
      const { status, headers, body } = await ask(query, sent);
      expect(status).toBe(200);
      expect(headers.get('www-authenticate')).toContain(challenge);
      const locations = [{ line: 1, column: 3 }];
      expect(body).toEqual({
        data: { report: null },
        errors: [{ message: extensions.detail, path: ['report'], locations, extensions }],
      });
    }
  });

  it('have the status of HTTP, too, where the server is told to keep it', async () => {
    const { issuer, ask } = await start({ ...quiet, preserveHttpStatusForExecutionErrors: false });
    expect((await ask(query)).status).toBe(401);
    expect((await ask(query, 'two words')).status).toBe(400);
    expect((await ask(query, await issuer.accessToken({ scope: 'files:read' }))).status).toBe(403);
    expect((await ask(query, await issuer.accessToken({ scope: 'reports:read' }))).status).toBe(200);
    const away = await start({ ...quiet, preserveHttpStatusForExecutionErrors: false });
    away.issuer.fail('refuse');
    const { status, headers, body } = await away.ask(query, await away.issuer.accessToken());
    expect([status, headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      reason: 'issuer_unavailable',
      detail: 'Identity provider unavailable',
      retryAfterSeconds: expect.any(Number),
    });
  });

  it('say the same where handlers, of queries and of fields, throw them', async () => {
    const { ask } = await start(quiet);
    const { body } = await ask('{ denied draft { late broken } }');
    expect(body.data).toEqual({ denied: null, draft: { late: null, broken: null } });
    expect(body.errors?.map(({ message, extensions }) => [message, extensions])).toEqual(
      expect.arrayContaining([
        ['Forbidden: not yours', { code: 'FORBIDDEN', reason: 'access_denied', detail: 'Forbidden: not yours' }],
        [
          'Authorization service timeout',
          { code: 'GATEWAY_TIMEOUT', reason: 'policy_timeout', detail: 'Authorization service timeout' },
        ],
        ['broken', { code: 'INTERNAL_SERVER_ERROR' }],
      ]),
    );
  });

  it('have nothing of the token in them, not in the stack either', async () => {
    const { issuer, ask } = await start({ includeStacktraceInErrorResponses: true });
    const token = await issuer.accessToken({ audience: 'another', claims: { secret: 'of the token' } });
    for (const sent of [token, 'garbage-in-the-header', `${token.slice(0, -4)}AAAA`]) {
      const text = JSON.stringify((await ask(query, sent)).body);
      expect(text).toContain('stacktrace');
      for (const part of sent.split('.')) expect(text).not.toContain(part);
      expect(text).not.toContain('of the token');
    }
  });
});
