import type { AuthError } from '@nmp/tokens';
import type { GraphQLError } from 'graphql';
import { isOfConnection } from './graphql.js';

/** The names that GraphQL servers and clients know. @see https://www.apollographql.com/docs/apollo-server/data/errors */
const codeByStatus: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};

const refusalKey = Symbol.for('@nmp/auth:graphql-refusal');

/** Tells the errors of {@link graphqlError}, which are answers and no faults: nobody has to log them. */
export class GraphqlRefusal {
  static [Symbol.hasInstance](error: unknown): boolean {
    return typeof error === 'object' && error !== null && refusalKey in error;
  }
}

/** What a refused field is answered; over HTTP with the status and headers of a refused request. */
export async function graphqlError(
  error: AuthError,
  headers: Readonly<Record<string, string>>,
  args: readonly unknown[],
): Promise<GraphQLError> {
  const { GraphQLError } = await import('graphql');
  const { retryAfterSeconds } = error as { retryAfterSeconds?: number }; // where asking again may help
  const http = { status: error.status, headers: new Map(Object.entries(headers)) };
  const extensions = {
    code: codeByStatus[error.status] ?? 'INTERNAL_SERVER_ERROR',
    reason: error.code,
    detail: error.detail,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(!isOfConnection(args) && { http }),
  };
  const refusal = new GraphQLError(error.detail, { extensions });
  const hidden = { enumerable: false };
  return Object.defineProperties(refusal, {
    cause: { ...hidden, value: error },
    [refusalKey]: { ...hidden, value: true },
  });
}
