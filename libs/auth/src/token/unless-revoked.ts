import { type Claims, InvalidTokenError, IssuerUnavailableError, originalTokenOf, type Principal } from '@nmp/tokens';
import type { RevocableToken, Revocation } from '../revocation.js';
import { within } from './time-limit.js';

/**
 * A verdict that stands unless the token was revoked. Asked for every request, remembered verdicts included. An answer
 * that cannot be had closes.
 * @throws {InvalidTokenError} reason `revoked`.
 * @throws {IssuerUnavailableError} Nobody says whether it is.
 */
export async function unlessRevoked(
  verdict: Principal | Promise<Principal>,
  revocation: Revocation,
  timeoutMs: number,
): Promise<Principal> {
  const principal = await verdict;
  const late = (): Error => new Error(`No answer within ${timeoutMs} ms`);
  for (const token of revocableTokens(principal.claims)) {
    let isRevoked: unknown;
    try {
      isRevoked = await within(timeoutMs, revocation.isRevoked(token), late);
    } catch (cause) {
      throw new IssuerUnavailableError('Whether tokens are revoked cannot be found out', 5, { cause });
    }
    // Whatever a foreign implementation answers: only a plain no lets the token pass.
    if (isRevoked !== false) throw new InvalidTokenError('revoked');
  }
  return principal;
}

/** The token, and the one that it was made of: who revokes a user's token means whatever was made of it, too. */
function revocableTokens(claims: Claims): RevocableToken[] {
  const { iss, jti, sub, iat } = claims;
  const original = originalTokenOf(claims);
  return [
    {
      issuer: String(iss),
      jti: typeof jti === 'string' ? jti : undefined,
      sub: typeof sub === 'string' ? sub : undefined,
      issuedAtSeconds: Number(iat),
    },
    ...(original ? [original] : []),
  ];
}
