import type { Claims } from './claims.js';
import { InvalidTokenError } from './errors.js';

/** How a token can be bound to a key, by the names that `cnf` has for it: a DPoP key, a TLS client certificate. */
export type ConfirmationMethod = 'jkt' | 'x5t#S256';

/** The keys that the sender of a token must hold: all that are named. @see RFC 7800 §3.1 */
export interface Confirmation {
  /** The SHA-256 thumbprint of the key of DPoP proofs, in base64url. @see RFC 9449 §6.1 */
  readonly jkt?: string;
  /** The SHA-256 digest of the client certificate, in base64url. @see RFC 8705 §3.1 */
  readonly 'x5t#S256'?: string;
}

/** What tokens may be bound to, and whether they must be. */
export interface ConfirmationExpectations {
  /** The ways that the caller verifies; a token that is bound in another way is refused. */
  readonly methods: readonly ConfirmationMethod[];
  /** What every token must be bound by. */
  readonly required?: ConfirmationMethod;
}

const methodNames: ReadonlySet<string> = new Set(['jkt', 'x5t#S256'] satisfies ConfirmationMethod[]);

/**
 * Reads what a token is bound to.
 * @returns `undefined` for a plain bearer token.
 * @throws {InvalidTokenError} reason `claims`: `cnf` is malformed, or has a member that cannot be verified.
 */
export function confirmationOf({ cnf }: Claims): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) throw wrong('"cnf" is not an object');
  const members = Object.entries(cnf);
  if (members.length === 0) throw wrong('"cnf" names no key');
  for (const [name, value] of members) {
    if (!methodNames.has(name)) throw wrong('the token is bound to a key in a way that cannot be verified ("cnf")');
    if (!isDigest(value)) throw wrong(`"cnf" has a member "${name}" that is not a SHA-256 digest in base64url`);
  }
  return cnf;
}

/**
 * Checks that a token is bound to nothing but what its verifier goes on to ask a proof of.
 * @throws {InvalidTokenError} reason `claims`.
 * @see RFC 9449 §7.2, RFC 8705 §3
 */
export function checkConfirmation(claims: Claims, expected: ConfirmationExpectations | undefined): void {
  const { methods, required } = expected ?? { methods: [] };
  if (claims.cnf !== undefined && methods.length === 0) throw unverified();
  const confirmation = confirmationOf(claims);
  const bound = Object.keys(confirmation ?? {});
  // Whoever stole a bound token could use it, if one of its bindings were not looked at.
  if (bound.some((name) => !(methods as readonly string[]).includes(name))) throw unverified();
  if (required !== undefined && !bound.includes(required))
    throw wrong(`the token is not bound to a key ("${required}")`);
}

/** 32 bytes, in the one spelling that base64url has for them. */
function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(value);
}

function unverified(): InvalidTokenError {
  return wrong('the token is bound to a key ("cnf"), and no proof of possession is verified here');
}

function wrong(message: string): InvalidTokenError {
  return new InvalidTokenError('claims', message);
}
