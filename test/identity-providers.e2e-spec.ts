import { describe, expect, it } from '@jest/globals';
import type { AuthModuleOptions } from '@nmp/auth';
import {
  type ExpectedPrincipal,
  type TokenFixture,
  tokenFixtures,
  tokenOf,
  verdictOnToken,
} from './support/token-fixtures.js';

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
  it.each(tokenFixtures.map((fixture) => [fixture.id, fixture] as const))('%s', async (id, fixture) => {
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
async function verdictOn(fixture: TokenFixture): Promise<ExpectedPrincipal | string> {
  const { token, jwks } = await tokenOf(fixture);
  return verdictOnToken(token, { ...optionsOf(fixture), fetch: async (url) => answer(fixture, jwks, url) });
}

function optionsOf({ config, discovery }: TokenFixture): AuthModuleOptions {
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

function answer({ config, discovery }: TokenFixture, jwks: unknown, url: string): Response {
  if (url === (config.overrides?.jwks_uri ?? discovery?.document.jwks_uri)) return Response.json(jwks);
  if (discovery && url === discovery.url) return Response.json(discovery.document);
  // Every issuer has keys of its own; these fixtures' additional issuers publish the same set.
  const additional = config.additional_issuers.find((issuer) => url.startsWith(issuer));
  if (additional !== undefined) return Response.json({ issuer: additional, jwks_uri: discovery?.document.jwks_uri });
  return new Response(null, { status: 404 });
}
