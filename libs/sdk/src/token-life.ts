import { decodeUnverifiedClaims } from '@nmp/tokens';

/** When a token was made and when it ends, as far as anybody told. */
export interface TokenLife {
  readonly issuedAt?: Date;
  readonly expiresAt?: Date;
}

/**
 * How long a token lives: a JWT says so itself; for any other token it is what was noted when it came.
 * @param noted What the token answer's `expires_in` amounted to.
 */
export function lifeOfToken(token: string, noted: TokenLife): TokenLife {
  const claims = decodeUnverifiedClaims(token);
  const expiresAt = dateOfSeconds(claims?.exp) ?? noted.expiresAt;
  const issuedAt = dateOfSeconds(claims?.iat) ?? noted.issuedAt;
  return { ...(issuedAt ? { issuedAt } : {}), ...(expiresAt ? { expiresAt } : {}) };
}

/** Whether a token has ended. One that does not say when it ends never has. */
export function isExpired(life: TokenLife, now: Date): boolean {
  return life.expiresAt !== undefined && life.expiresAt.getTime() <= now.getTime();
}

/** Whether a token should be renewed before use: less than `marginSeconds`, or a fifth of its life if that is shorter, is left. */
export function isNearExpiry(life: TokenLife, now: Date, marginSeconds: number): boolean {
  if (life.expiresAt === undefined) return false;
  const end = life.expiresAt.getTime();
  const fifth = life.issuedAt === undefined ? Infinity : (end - life.issuedAt.getTime()) / 5;
  return end - now.getTime() < Math.min(marginSeconds * 1000, Math.max(fifth, 0));
}

function dateOfSeconds(value: unknown): Date | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 8.64e12
    ? new Date(value * 1000)
    : undefined;
}
