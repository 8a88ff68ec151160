import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AuthModule, type AuthModuleOptions } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { type AdapterName, type AppParts, startApp } from './http-apps.js';

/** What a GraphQL server answers to one operation. */
export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlFailure[];
}

/** One failure in it. */
export interface GraphqlFailure {
  readonly message: string;
  readonly path?: readonly unknown[];
  readonly extensions?: Record<string, unknown>;
}

/** A running application with a GraphQL server. */
export interface GraphqlApp {
  readonly app: INestApplication;
  readonly url: string;
  /** Sends one operation, or several at once. */
  ask(query: string | readonly string[], token?: string, headers?: Record<string, string>): Promise<GraphqlReply>;
}

/** The HTTP answer. */
export interface GraphqlReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphqlAnswer;
  /** The answers to several operations. */
  readonly all: readonly GraphqlAnswer[];
}

/** What a test's application has of its own. */
export interface GraphqlParts {
  issuer: TestIssuer;
  resolvers: Type[];
  auth?: Partial<AuthModuleOptions>;
  graphql?: Partial<ApolloDriverConfig>;
  imports?: (Type | DynamicModule)[];
  parts?: Partial<AppParts>;
}

/** Starts an application whose GraphQL server serves the resolvers. */
export async function startGraphql(adapter: AdapterName, given: GraphqlParts): Promise<GraphqlApp> {
  const { issuer, resolvers, auth = {}, graphql = {}, imports = [], parts = {} } = given;
  const { app, url } = await startApp(adapter, {
    ...parts,
    imports: [
      AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' }, ...auth }),
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        autoSchemaFile: true,
        graphiql: false,
        allowBatchedHttpRequests: true,
        ...graphql,
      }),
      ...imports,
    ],
    providers: [...resolvers, ...(parts.providers ?? [])],
  });
  return { app, url, ask: (query, token, headers = {}) => ask(url, query, token, headers) };
}

async function ask(
  url: string,
  query: string | readonly string[],
  token: string | undefined,
  headers: Record<string, string>,
): Promise<GraphqlReply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(typeof query === 'string' ? { query } : query.map((one) => ({ query: one }))),
  });
  const body = (await response.json()) as GraphqlAnswer & readonly GraphqlAnswer[]; // one of them
  return { status: response.status, headers: response.headers, body, all: body };
}
