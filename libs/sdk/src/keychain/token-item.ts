import { createHash } from 'node:crypto';
import type { StoredTokens } from '../user-entry.js';
import { KeychainError } from './keychain.js';

const form = 'nmp1:';

/**
 * The two accounts under which a user of a configuration file may stand in the keychain. A new sign-in takes the one that the
 * file does not name, so that until the file names it the old one is whole.
 */
export function accountsOf(configPath: string, userName: string): readonly [string, string] {
  const hash = createHash('sha256').update(configPath).digest('hex').slice(0, 16);
  const user = encodeURIComponent(userName);
  return [`${hash}/${user}`, `${hash}.2/${user}`];
}

/** Tokens as one text without spaces, quotes and line breaks, which no program changes on its way. */
export function encodeTokens({ token, refreshToken }: StoredTokens): string {
  return form + Buffer.from(JSON.stringify({ token, refresh_token: refreshToken })).toString('base64url');
}

/** @throws {KeychainError} when it is not what {@link encodeTokens} made. */
export function decodeTokens(text: string): StoredTokens {
  const { token, refresh_token: refreshToken } = text.startsWith(form) ? membersOf(text.slice(form.length)) : {};
  if (typeof token !== 'string' || token === '' || (refreshToken !== undefined && typeof refreshToken !== 'string'))
    throw new KeychainError('what it gave is not what was stored there', 'Sign in again');
  return { token, ...(refreshToken === undefined ? {} : { refreshToken }) };
}

function membersOf(encoded: string): { token?: unknown; refresh_token?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
