import { decodeUnverifiedJws, isAuthError, tokenKindOf } from '@nmp/tokens';

/** What to do about an access key that signing out does not end; `undefined` for any other token. */
export function accessKeyAdvice(token: string): string | undefined {
  const jti = unverifiedKeyIdOf(token);
  if (jti === undefined) return undefined;
  return `It is an access key, which only its owner and administrators end. Sign in, then run: nemo auth access-keys revoke ${jti}`;
}

function unverifiedKeyIdOf(token: string): string | undefined {
  try {
    const { header, claims } = decodeUnverifiedJws(token);
    if (tokenKindOf(header.typ) !== 'access-key') return undefined;
    const { jti } = claims;
    return typeof jti === 'string' && /^[\da-f-]{36}$/.test(jti) ? jti : '<name>';
  } catch (error) {
    if (isAuthError(error)) return undefined; // no JWT
    throw error;
  }
}
