import { isMap, YAMLMap } from 'yaml';
import { ConfigError } from './errors.js';

/** Where the tokens of a sign-in are kept. */
export const tokenStores = ['file', 'keychain'] as const;

/** Where tokens are kept. */
export type TokenStore = (typeof tokenStores)[number];

/** How a context wants things; values are as the file has them. */
export interface StoredPreferences {
  readonly outputFormat?: string;
  readonly timestampFormat?: string;
  readonly truncate?: boolean;
  readonly colorOutput?: boolean;
  readonly tokenStore?: TokenStore;
}

const key = 'preferences';

/** What a context of the configuration file prefers. What is of another type is left out. */
export function readPreferences(context: YAMLMap): StoredPreferences {
  const found: unknown = context.get(key);
  if (!isMap(found)) return {};
  const [outputFormat, timestampFormat] = ['output_format', 'timestamp_format'].map((name) =>
    stringOf(found.get(name)),
  );
  const [truncate, colorOutput] = ['truncate', 'color_output'].map((name) => booleanOf(found.get(name)));
  const tokenStore = tokenStores.find((known) => known === found.get('token_store'));
  const given = Object.entries({ outputFormat, timestampFormat, truncate, colorOutput, tokenStore });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/**
 * Where the tokens of a sign-in go: where the environment says, or else the context.
 * @throws {ConfigError} when the environment names another place.
 */
export function tokenStoreOf(
  env: Readonly<Record<string, string | undefined>>,
  { tokenStore }: StoredPreferences,
): TokenStore {
  const given = env.NMP_TOKEN_STORE || undefined;
  const known = tokenStores.find((store) => store === given);
  if (given === undefined || known !== undefined) return known ?? tokenStore ?? 'file';
  throw new ConfigError(`NMP_TOKEN_STORE is "${given}". Set it to ${tokenStores.join(' or ')}, or unset it`);
}

/** Notes where a context wants the tokens of its sign-ins. */
export function writeTokenStore(context: YAMLMap, tokenStore: TokenStore): void {
  if (!isMap(context.get(key))) context.set(key, new YAMLMap());
  context.setIn([key, 'token_store'], tokenStore);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
