import { readFileSync } from 'node:fs';
import { Test } from '@nestjs/testing';
import { AuthModule, type AuthModuleOptions, isAuthError, JwtStrategy } from '@nmp/auth';
import { SigningKey, signJws } from '@nmp/auth/testing';

/** One access token of one provider, with the configuration it meets and what must come of it. */
export interface TokenFixture {
  id: string;
  config: {
    issuer: string;
    client_id: string;
    audience: string | null;
    additional_issuers: string[];
    email_claim: string;
    subject_claim: string;
    groups_claim: string;
    scope_prefix: string | null;
    overrides?: { jwks_uri?: string };
  };
  discovery: { url: string; document: Record<string, unknown> & { jwks_uri?: string } } | null;
  access_token_header: Record<string, unknown>;
  access_token_claims: Record<string, unknown>;
  access_token_raw?: string;
  signing: { alg: string; kid_in_primary_jwks: boolean; signature_valid: boolean; jwks_usable_keys: number };
  expected: { accepted: boolean; reason_code?: string; principal: ExpectedPrincipal | null };
}

/** What must come of an access token. */
export interface ExpectedPrincipal {
  id: string;
  email: string | null;
  groups: string[];
  scopes: string[];
}

/** Access tokens as identity providers make them, and some that nobody should. */
export const tokenFixtures: readonly TokenFixture[] = JSON.parse(
  readFileSync(new URL('../fixtures/identity-providers.json', import.meta.url), 'utf8'),
) as TokenFixture[];

/** Asks the module's strategy about a token. @returns the parts of the principal that the fixtures speak of, or the code of the refusal */
export async function verdictOnToken(token: string, options: AuthModuleOptions): Promise<ExpectedPrincipal | string> {
  const module = await Test.createTestingModule({ imports: [AuthModule.forRoot(options)] }).compile();
  try {
    const { id, email, groups, scopes } = await module
      .get(JwtStrategy)
      .run({ headers: { authorization: `Bearer ${token}` } });
    return { id, email: email ?? null, groups: [...groups], scopes: [...scopes] };
  } catch (error) {
    if (isAuthError(error)) return error.code;
    throw error;
  } finally {
    await module.close();
  }
}

/** Signs the fixture's token, and the key set that its provider publishes at that moment. */
export async function tokenOf(fixture: TokenFixture): Promise<{ token: string; jwks: { keys: unknown[] } }> {
  const { signing, access_token_header: header } = fixture;
  const algorithm = signing.alg === 'PS256' ? 'PS256' : 'RS256';
  const kid = typeof header?.kid === 'string' ? header.kid : undefined;
  const [first, ...rest] = await pool;
  const key = first.renamed(kid ?? 'only-key', algorithm);
  const others = rest.slice(0, Math.max(0, signing.jwks_usable_keys - 1));
  const published = signing.kid_in_primary_jwks ? [key, ...others] : rest;
  const keys = published.slice(0, signing.jwks_usable_keys).map(({ jwk: { alg: _alg, ...jwk } }) => jwk);
  if (fixture.access_token_raw !== undefined) return { token: fixture.access_token_raw, jwks: { keys } };
  const token = signJws(header, atNow(fixture.access_token_claims), key);
  return { token: signing.signature_valid ? token : broken(token), jwks: { keys } };
}

// Making an RSA key pair takes long; the fixtures share a few.
const pool = Promise.all([SigningKey.generate(), SigningKey.generate(), SigningKey.generate(), SigningKey.generate()]);

/** Changes the signature in its middle. */
function broken(token: string): string {
  const at = token.lastIndexOf('.') + 40;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

/** Replaces `{ $now: seconds }` by a time. */
function atNow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(atNow);
  if (typeof value !== 'object' || value === null) return value;
  if ('$now' in value) {
    const time = Math.floor(Date.now() / 1000) + Number(value.$now);
    return '$as' in value ? String(time) : time;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, atNow(member)]));
}
