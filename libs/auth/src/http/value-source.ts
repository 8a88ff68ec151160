import { InvalidRequestError } from '@nmp/tokens';

/** Where a value of a request is found. */
export type ValueSource =
  { readonly in: 'param' | 'query' | 'data'; readonly name: string } | { readonly in: 'route'; readonly value: string };

/** Says where a request names something. The body is not among the places: guards stand before it is read. */
export const from = {
  /** A part of the path: `:workspace`. */
  param: (name: string): ValueSource => ({ in: 'param', name }),
  /** A parameter behind the question mark; it must be there once. */
  query: (name: string): ValueSource => ({ in: 'query', name }),
  /** A member of a message's data, or an argument of a GraphQL field. */
  data: (name: string): ValueSource => ({ in: 'data', name }),
  /** The same for every request of the route. */
  value: (value: string): ValueSource => ({ in: 'route', value }),
};

/** What a request, or another call, has of values. */
export interface RequestValues {
  readonly params?: unknown;
  readonly query?: unknown;
  /** Of a call that is no plain HTTP request. */
  readonly data?: unknown;
}

const places = {
  param: { key: 'params', called: 'Path parameter' },
  query: { key: 'query', called: 'Query parameter' },
  data: { key: 'data', called: 'Member' },
} as const;

/**
 * Reads a value out of a request.
 * @throws {InvalidRequestError} when it is missing, empty or there more than once.
 */
export function readValue(source: ValueSource, request: RequestValues): string {
  if (source.in === 'route') return source.value;
  const { key, called } = places[source.in];
  const values = (request[key] ?? {}) as Record<string, unknown>; // of text and numbers, nothing can be a member
  const value = Object.hasOwn(values, source.name) ? values[source.name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  const message = `${called} ${source.name} must be there once`;
  throw new InvalidRequestError(message, { detail: message });
}
