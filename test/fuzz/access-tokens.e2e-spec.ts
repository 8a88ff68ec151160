import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAuthError, type Principal, standaloneVerifier, type StandaloneVerifier } from '@nmp/auth';
import { SigningKey, signJws, type TestIssuer } from '@nmp/auth/testing';
import fc from 'fast-check';
import { startIssuer } from '../support/issuers.js';
import { fuzz } from './fuzz.js';

let issuer: TestIssuer;
let stranger: SigningKey;
let verifier: StandaloneVerifier;

beforeAll(async () => {
  issuer = await startIssuer();
  stranger = await SigningKey.generate('ES256');
  verifier = standaloneVerifier({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } });
});

afterAll(() => issuer?.close());

/** A change of the text of a token, at so many thousandths of its length. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const alphabet = [...'ABCXYZabcxyz019-_.=+/ \n%~'];
const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.nat(1_000),
    remove: fc.nat(3),
    insert: fc.oneof(
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom('alg', 'kid', 'typ', 'crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'x5c', 'enc', 'cty'),
    fc.string(),
  ),
  fc.oneof(
    fc.constantFrom('RS256', 'none', 'HS256', 'ES256', 'at+jwt', 'JWT', 'hop+jwt'),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  { maxKeys: 4 },
);
const claims = fc.dictionary(
  fc.oneof(
    fc.constantFrom('iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'scope', 'scp', 'groups', 'email', 'email_verified'),
    fc.constantFrom('act', 'cnf', 'jti', 'nonce', 'azp', 'client_id', '_claim_names', '__proto__', 'nmp'),
    fc.string(),
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>('nmp-cli', ['nmp-cli'], 4_000_000_000, 'service:x', '*'),
  ),
  { maxKeys: 5 },
);

describe('the verifier of access tokens', () => {
  it('refuses every token whose text was changed', async () => {
    const good = await issuer.accessToken({ expiresInSeconds: 3_600 });
    await fuzz({
      name: 'token-edits',
      inputs: edits,
      runs: 1_000,
      holds: async (changes) => {
        const token = changes.reduce(applied, good);
        const verdict = await verdictOn(token);
        expect(verdict instanceof Error).toBe(token !== good);
      },
    });
    expect(await verdictOn(good)).toMatchObject({ id: 'user-1' });
  });

  it('refuses everything that somebody else has signed', async () => {
    await fuzz({
      name: 'token-forgeries',
      inputs: fc.record({ header: headers, claims, pretends: fc.boolean() }),
      runs: 500,
      holds: async ({ header, claims, pretends }) => {
        const key = pretends ? stranger.renamed(issuer.signingKey.kid) : stranger;
        expect(await verdictOn(await issuer.accessToken({ key, header, claims }))).toBeInstanceOf(Error);
      },
    });
  });

  it('keeps the rules, whatever the issuer writes into its tokens', async () => {
    await fuzz({
      name: 'token-claims',
      inputs: fc.record({ header: headers, claims }),
      runs: 500,
      holds: async ({ header, claims }) => {
        const verdict = await verdictOn(await issuer.accessToken({ header, claims }));
        if (verdict instanceof Error) return;
        expect([verdict.claims.aud].flat()).toContain('nmp-cli');
        expect(verdict).toMatchObject({ kind: expect.stringMatching(/^(user|client)$/), issuer: issuer.issuer });
        expect(verdict.id).toMatch(/^(?!\*$|service:|group:)./s);
        expect(verdict.expiresAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
        expect(Object.isFrozen(verdict)).toBe(true);
      },
    });
  });

  it('refuses every other payload, of the issuer too', async () => {
    await fuzz({
      name: 'token-payloads',
      inputs: fc.record({ header: fc.jsonValue(), payload: fc.jsonValue(), keepsHeader: fc.boolean() }),
      runs: 300,
      holds: async ({ header, payload, keepsHeader }) => {
        const { algorithm, kid } = issuer.signingKey;
        const written = keepsHeader ? { alg: algorithm, kid, typ: 'at+jwt' } : header;
        expect(await verdictOn(signJws(written, payload, issuer.signingKey))).toBeInstanceOf(Error);
      },
    });
  });
});

/** The principal, or the refusal; anything else that is thrown fails the test. */
async function verdictOn(token: string): Promise<Principal | Error> {
  try {
    return await verifier.verify(token);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return error;
  }
}

function applied(token: string, { at, remove, insert }: Edit): string {
  const start = Math.floor((token.length * at) / 1_000);
  return token.slice(0, start) + insert + token.slice(start + remove);
}
