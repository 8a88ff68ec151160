import type { YAMLMap } from 'yaml';

/** What is kept of a sign-in. All but the tokens is noted so that a refresh goes to the same place, and for tokens that cannot be read. */
export interface StoredCredentials {
  readonly token: string;
  readonly refreshToken?: string;
  /** The OAuth client that signed in. */
  readonly clientId?: string;
  /** How the client got the tokens, if it signed in for itself: nobody else can be asked to do it again. */
  readonly grantType?: string;
  /** The identity provider that issued the tokens: a refresh token goes nowhere else. */
  readonly issuer?: string;
  /** Where it gives out tokens. The platform may not send a refresh token to another address under the issuer's name. */
  readonly tokenEndpoint?: string;
  /** What the tokens are for, as it was said at the sign-in. A refresh asks for nothing else. @see RFC 8707 §2.2 */
  readonly resource?: string;
  /** Granted scopes, separated by spaces. */
  readonly scope?: string;
  /** When a token was issued, and when it ends, if it does not say so itself. */
  readonly issuedAt?: Date;
  readonly expiresAt?: Date;
  /** When the provider did not accept the refresh token any more, which is gone since then. */
  readonly endedAt?: Date;
}

/** What of a sign-in is secret. */
export type StoredTokens = Pick<StoredCredentials, 'token' | 'refreshToken'>;

/** A sign-in whose tokens are in the keychain of the operating system; the rest is in the file. */
export interface KeychainSignIn {
  readonly userName: string;
  /** The account that the tokens have in the keychain. */
  readonly item: string;
  readonly noted: Omit<StoredCredentials, keyof StoredTokens>;
}

const secretKeys = ['token', 'refresh_token', 'api_key'];
const notedKeys = [
  'client_id',
  'grant_type',
  'issuer',
  'token_endpoint',
  'resource',
  'scope',
  'issued_at',
  'expires_at',
  'ended_at',
];
const keychainKeys = ['token_store', 'keychain_item'];

/** What a user entry of the configuration file holds, or `undefined` when nobody is signed in; other kinds of users are not. */
export function readCredentials(user: YAMLMap): StoredCredentials | undefined {
  const token = textOf(user, 'token');
  if (user.get('type') !== 'oauth' || token === undefined) return undefined;
  const refreshToken = textOf(user, 'refresh_token');
  return { token, ...(refreshToken === undefined ? {} : { refreshToken }), ...notedOf(user) };
}

/** What a user entry says of a sign-in whose tokens are in the keychain. A token in the file itself is newer: only other programs leave one there. */
export function readKeychainSignIn(user: YAMLMap): KeychainSignIn | undefined {
  const item = textOf(user, 'keychain_item');
  const isThere = user.get('type') === 'oauth' && user.get('token_store') === 'keychain';
  if (!isThere || item === undefined || textOf(user, 'token') !== undefined) return undefined;
  return { userName: textOf(user, 'name') ?? '', item, noted: notedOf(user) };
}

/**
 * Makes a user entry hold these credentials. A field that is not given is removed.
 * @param keychainItem Where the tokens are in the keychain: then they are not in the entry.
 */
export function writeCredentials(user: YAMLMap, credentials: StoredCredentials, keychainItem?: string): void {
  const isInFile = keychainItem === undefined;
  const fields = {
    type: 'oauth',
    token: isInFile ? credentials.token : undefined,
    refresh_token: isInFile ? credentials.refreshToken : undefined,
    token_store: isInFile ? undefined : 'keychain',
    keychain_item: keychainItem,
    client_id: credentials.clientId,
    grant_type: credentials.grantType,
    issuer: credentials.issuer,
    token_endpoint: credentials.tokenEndpoint,
    resource: credentials.resource,
    scope: credentials.scope,
    issued_at: credentials.issuedAt?.toISOString(),
    expires_at: credentials.expiresAt?.toISOString(),
    ended_at: credentials.endedAt?.toISOString(),
    api_key: undefined,
  };
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) user.delete(key);
    else user.set(key, value);
  }
}

/** Takes everything about a sign-in out of a user entry. */
export function eraseCredentials(user: YAMLMap): void {
  user.set('type', 'no-auth');
  for (const key of [...secretKeys, ...notedKeys, ...keychainKeys]) user.delete(key);
}

/** Whether anything in a user entry must not be seen by others. */
export function holdsSecret(user: YAMLMap): boolean {
  return secretKeys.some((key) => textOf(user, key) !== undefined);
}

/** Whether a user entry is one of older versions, which signed in with an API key. */
export function holdsApiKey(user: YAMLMap): boolean {
  const type: unknown = user.get('type');
  return (type === 'api-key' || type === undefined) && textOf(user, 'api_key') !== undefined;
}

function notedOf(user: YAMLMap): KeychainSignIn['noted'] {
  const noted = {
    clientId: textOf(user, 'client_id'),
    grantType: textOf(user, 'grant_type'),
    issuer: textOf(user, 'issuer'),
    tokenEndpoint: textOf(user, 'token_endpoint'),
    resource: textOf(user, 'resource'),
    scope: textOf(user, 'scope'),
    issuedAt: dateOf(user, 'issued_at'),
    expiresAt: dateOf(user, 'expires_at'),
    endedAt: dateOf(user, 'ended_at'),
  };
  return Object.fromEntries(Object.entries(noted).filter(([, value]) => value !== undefined));
}

function textOf(user: YAMLMap, key: string): string | undefined {
  const value = user.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function dateOf(user: YAMLMap, key: string): Date | undefined {
  const date = new Date(textOf(user, key) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
