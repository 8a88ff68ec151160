import { createHash } from 'node:crypto';
import type { StoredTokens } from '../user-entry.js';
import { KeychainError } from './keychain.js';

const begin = 'nmp1:';
const end = ':'; // escaped in between

/**
 * The two accounts under which a user of a configuration file may stand in the keychain. A new sign-in takes the one that the
 * file does not name, so that until the file names it the old one is whole.
 */
export function accountsOf(configPath: string, userName: string): readonly [string, string] {
  const hash = createHash('sha256').update(configPath).digest('hex').slice(0, 16);
  const user = encodeURIComponent(userName);
  return [`${hash}/${user}`, `${hash}.2/${user}`];
}

/** Tokens as one text without spaces, quotes and line breaks, which no program changes on its way; a JWT is no longer in it. */
export function encodeTokens({ token, refreshToken }: StoredTokens): string {
  const members = { token, ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }) };
  return `${begin}${new URLSearchParams(members).toString()}${end}`;
}

/** @throws {KeychainError} when it is not what {@link encodeTokens} made. */
export function decodeTokens(text: string): StoredTokens {
  const isWhole = text.startsWith(begin) && text.endsWith(end);
  const members = new URLSearchParams(isWhole ? text.slice(begin.length, -end.length) : '');
  const [token, refreshToken] = [members.get('token'), members.get('refresh_token')];
  if (!token) throw new KeychainError('what it gave is not what was stored there', 'Sign in again');
  return { token, ...(refreshToken === null ? {} : { refreshToken }) };
}
