import { InvalidRequestError } from '@nmp/tokens';

/** Where a value of a request is found. */
export type ValueSource =
  { readonly in: 'param' | 'query'; readonly name: string } | { readonly in: 'route'; readonly value: string };

/** Says where a request names something. The body is not among the places: guards stand before it is read. */
export const from = {
  /** A part of the path: `:workspace`. */
  param: (name: string): ValueSource => ({ in: 'param', name }),
  /** A parameter behind the question mark; it must be there once. */
  query: (name: string): ValueSource => ({ in: 'query', name }),
  /** The same for every request of the route. */
  value: (value: string): ValueSource => ({ in: 'route', value }),
};

interface RequestValues {
  readonly params?: unknown;
  readonly query?: unknown;
}

/**
 * Reads a value out of a request.
 * @throws {InvalidRequestError} when it is missing, empty or there more than once.
 */
export function readValue(source: ValueSource, request: RequestValues): string {
  if (source.in === 'route') return source.value;
  const values = (source.in === 'param' ? request.params : request.query) as Record<string, unknown> | undefined; // as both adapters have them
  const value = values !== undefined && Object.hasOwn(values, source.name) ? values[source.name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  const place = source.in === 'param' ? 'Path' : 'Query';
  const message = `${place} parameter ${source.name} must be there once`;
  throw new InvalidRequestError(message, { detail: message });
}
