import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { AuthModule, type AuthModuleOptions, isAuthError, JwtStrategy, type Principal } from '@nmp/auth';
import { SigningKey, signJws } from '@nmp/auth/testing';

/** One access token of one provider, with the configuration it meets and what must come of it. */
interface Fixture {
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

interface ExpectedPrincipal {
  id: string;
  email: string | null;
  groups: string[];
  scopes: string[];
}

const fixtures = JSON.parse(
  readFileSync(new URL('fixtures/identity-providers.json', import.meta.url), 'utf8'),
) as Fixture[];

const codeByReason: Record<string, string> = {
  alg_not_allowed: 'token_algorithm',
  unknown_kid: 'token_key',
  kid_missing: 'token_key',
  bad_signature: 'token_signature',
  not_access_token: 'token_type',
  not_a_jws: 'token_malformed',
  subject_invalid: 'token_claims',
  'missing_claim:sub': 'token_claims',
  'missing_claim:iat': 'token_claims',
  'missing_claim:exp': 'token_claims',
  exp_not_number: 'token_claims',
  expired: 'token_expired',
  audience_missing: 'token_audience',
  audience_mismatch: 'token_audience',
  issuer_not_allowed: 'token_issuer',
};

/** Where this project decides differently from the data, on purpose. */
const differences: Record<string, { because: string; accepted?: Partial<ExpectedPrincipal>; refused?: string }> = {
  'azure-groups-literal-src1': {
    because: 'a groups claim that names a claim source is an overage, not a group called "src1"',
    accepted: { groups: [] },
  },
  'okta-issuer-org-but-token-from-custom': {
    because: 'an issuer that is not listed is refused before any key is looked up',
    refused: 'token_issuer',
  },
  'cognito-wrong-pool-same-region': {
    because: 'an issuer that is not listed is refused before any key is looked up',
    refused: 'token_issuer',
  },
  'okta-id-token-as-access-token': {
    because: 'the kind of a token is looked at before its audience',
    refused: 'token_type',
  },
  'generic-scope-prefix-without-slash': {
    because: 'the prefix is normalised to end in one slash',
    accepted: { scopes: ['platform:read'] },
  },
  'generic-control-characters-in-group': {
    because: 'a value with control characters could not travel in a header and is left out',
    accepted: { groups: [] },
  },
};

describe('access tokens of identity providers', () => {
  it.each(fixtures.map((fixture) => [fixture.id, fixture] as const))('%s', async (id, fixture) => {
    const difference = differences[id];
    const verdict = await verdictOn(fixture);
    if (fixture.expected.accepted) {
      expect(verdict).toEqual({ ...fixture.expected.principal, ...difference?.accepted });
    } else {
      expect(verdict).toBe(difference?.refused ?? codeByReason[fixture.expected.reason_code ?? '']);
    }
  });
});

/** Serves the fixture's documents, signs its token and asks the module's strategy about it. */
async function verdictOn(fixture: Fixture): Promise<ExpectedPrincipal | string> {
  const { token, jwks } = await tokenOf(fixture);
  const options: AuthModuleOptions = { ...optionsOf(fixture), fetch: async (url) => answer(fixture, jwks, url) };
  const module = await Test.createTestingModule({ imports: [AuthModule.forRoot(options)] }).compile();
  try {
    const principal = await module.get(JwtStrategy).run({ headers: { authorization: `Bearer ${token}` } });
    return shown(principal);
  } catch (error) {
    if (isAuthError(error)) return error.code;
    throw error;
  } finally {
    await module.close();
  }
}

function shown({ id, email, groups, scopes }: Principal): ExpectedPrincipal {
  return { id, email: email ?? null, groups: [...groups], scopes: [...scopes] };
}

function optionsOf({ config, discovery }: Fixture): AuthModuleOptions {
  return {
    oidc: {
      issuer: config.issuer,
      clientId: config.client_id,
      ...(config.audience === null ? { verifyAudience: false } : { audience: config.audience }),
      additionalIssuers: config.additional_issuers,
      emailClaim: config.email_claim,
      subjectClaim: config.subject_claim,
      groupsClaim: config.groups_claim,
      ...(discovery && discovery.document.issuer === config.issuer ? { discoveryUrl: discovery.url } : {}),
      ...(config.scope_prefix === null ? {} : { scopePrefix: config.scope_prefix }),
      ...(config.overrides?.jwks_uri === undefined ? {} : { jwksUri: config.overrides.jwks_uri }),
    },
  };
}

function answer({ config, discovery }: Fixture, jwks: unknown, url: string): Response {
  if (url === (config.overrides?.jwks_uri ?? discovery?.document.jwks_uri)) return Response.json(jwks);
  if (discovery && url === discovery.url) return Response.json(discovery.document);
  // Every issuer has keys of its own; these fixtures' additional issuers publish the same set.
  const additional = config.additional_issuers.find((issuer) => url.startsWith(issuer));
  if (additional !== undefined) return Response.json({ issuer: additional, jwks_uri: discovery?.document.jwks_uri });
  return new Response(null, { status: 404 });
}

async function tokenOf(fixture: Fixture): Promise<{ token: string; jwks: { keys: unknown[] } }> {
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
