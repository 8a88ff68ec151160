import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { AuthModuleOptions } from '@nmp/auth';
import { discoveryUrls, TENANT } from '@nmp/tokens';
import { loadConfig } from '../src/config/load-config.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { type ExpectedPrincipal, tokenFixtures, tokenOf, verdictOnToken } from './support/token-fixtures.js';

const root = join(import.meta.dirname, '..');
const KEYS = 'https://keys.example.com/keys';

/** The names that the pages and the fixtures have for the same things. */
const names: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'azure-ad': [
    ['aaaaaaaa-0000-4000-8000-000000000001', '3f1d6c58-8a0e-4b7b-9a51-7e0a5c1d2b11'],
    ['bbbbbbbb-0000-4000-8000-000000000002', '5b6e0d2f-1f5c-4f0c-9d2a-2c9a4e7f8810'],
  ],
  okta: [['example.okta.com', 'acme.okta.example']],
  auth0: [
    ['example.eu.auth0.com', 'acme.eu.auth0.example'],
    ['https://api.example.com', 'https://api.nmp.example.com'],
  ],
  cognito: [
    ['eu-west-1_Example01', 'eu-west-1_MadeUp417'],
    ['57example4client3', '57madeup4j24pnmpcli417'],
  ],
};

/** A token of a provider, and what a page's settings (the nth ones) make of it where that is not what its fixture says. */
interface Case {
  readonly page: string;
  readonly nth: number;
  readonly fixture: string;
  readonly claims?: Record<string, unknown>;
  readonly verdict?: Partial<ExpectedPrincipal> | string;
}

const cases: readonly Case[] = [
  { page: 'azure-ad', nth: 0, fixture: 'azure-v2-single-tenant' },
  { page: 'azure-ad', nth: 0, fixture: 'azure-groups-overage-claim-names' },
  { page: 'azure-ad', nth: 0, fixture: 'azure-app-only-client-credentials' },
  { page: 'azure-ad', nth: 0, fixture: 'azure-v1-with-additional-issuers', verdict: 'token_issuer' },
  { page: 'azure-ad', nth: 0, fixture: 'azure-graph-token-nonce-header', verdict: 'token_issuer' },
  { page: 'azure-ad', nth: 1, fixture: 'azure-app-roles-as-groups' },
  { page: 'azure-ad', nth: 2, fixture: 'azure-v2-single-tenant' },
  { page: 'azure-ad', nth: 2, fixture: 'azure-v1-with-additional-issuers' },
  { page: 'azure-ad', nth: 2, fixture: 'azure-graph-token-nonce-header', verdict: 'token_signature' },
  { page: 'azure-ad', nth: 3, fixture: 'azure-v2-single-tenant' },
  { page: 'azure-ad', nth: 3, fixture: 'azure-common-foreign-tenant', verdict: 'token_issuer' },
  { page: 'okta', nth: 0, fixture: 'okta-custom-as-with-claims' },
  { page: 'okta', nth: 0, fixture: 'okta-org-server-access-token', verdict: 'token_issuer' },
  { page: 'okta', nth: 0, fixture: 'okta-id-token-as-access-token', verdict: 'token_type' },
  {
    page: 'auth0',
    nth: 0,
    fixture: 'auth0-api-token-namespaced-claims',
    claims: { email: 'mina.okafor@acme.example' },
  },
  { page: 'auth0', nth: 0, fixture: 'auth0-rfc9068-profile', verdict: { email: null } },
  { page: 'auth0', nth: 0, fixture: 'auth0-no-audience-opaque-jwe', verdict: 'token_malformed' },
  { page: 'auth0', nth: 0, fixture: 'auth0-hs256-api', verdict: 'token_algorithm' },
  {
    page: 'auth0',
    nth: 1,
    fixture: 'auth0-m2m-client-credentials',
    claims: { 'https://nmp.example.com/id': 'k9MadeUpM2MClient' },
    verdict: { id: 'k9MadeUpM2MClient' },
  },
  { page: 'cognito', nth: 0, fixture: 'cognito-access-audience-unset' },
  { page: 'cognito', nth: 0, fixture: 'cognito-id-token-as-access-token', verdict: 'token_type' },
  {
    page: 'cognito',
    nth: 0,
    fixture: 'cognito-access-audience-unset',
    claims: { client_id: '98example7job6' },
    verdict: 'token_audience',
  },
  { page: 'cognito', nth: 1, fixture: 'cognito-access-audience-unset', claims: { client_id: '98example7job6' } },
  {
    page: 'cognito',
    nth: 1,
    fixture: 'cognito-access-audience-unset',
    claims: { client_id: 'of-somebody-else' },
    verdict: 'token_claims',
  },
];

describe('the settings on the pages of providers without a server of their own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-provider-settings-'));

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it.each(cases)('docs/providers/$page.md ($nth) makes the right thing of $fixture', async (tried) => {
    const { page, nth, fixture: id, claims, verdict } = tried;
    const fixture = tokenFixtures.find((known) => known.id === id);
    if (fixture === undefined) throw new Error(`There is no token ${id}`);
    const { token, jwks } = await tokenOf({
      ...fixture,
      access_token_claims: { ...fixture.access_token_claims, ...claims },
    });
    const options = settingsOf(page, nth);
    const answered = await verdictOnToken(token, { ...options, fetch: async (url) => document(options, jwks, url) });
    expect(answered).toEqual(typeof verdict === 'string' ? verdict : { ...fixture.expected.principal, ...verdict });
  });

  function settingsOf(page: string, nth: number): AuthModuleOptions {
    const text = readFileSync(join(root, 'docs', 'providers', `${page}.md`), 'utf8');
    const block = codeBlocks(text).filter((candidate) => candidate.text.startsWith('auth:'))[nth]?.text ?? '';
    const file = join(directory, 'platform.yaml');
    writeFileSync(
      file,
      (names[page] ?? []).reduce((renamed, [ours, theirs]) => renamed.replaceAll(ours, theirs), block),
    );
    return loadConfig({ NMP_CONFIG_FILE_PATH: file }).auth;
  }
});

/** What the issuers of the settings publish: each its own document, all of them the same keys. */
function document({ oidc }: AuthModuleOptions, jwks: unknown, url: string): Response {
  if (url === KEYS) return Response.json(jwks);
  const others = oidc?.additionalIssuers ?? [];
  const issuers: { issuer?: string; discoveryUrl?: string }[] = [{ ...oidc }, ...others.filter(isObject)];
  const asked = issuers.find(
    ({ issuer = '', discoveryUrl }) => url === (discoveryUrl ?? discoveryUrls(issuer.replace(TENANT, 'common'))[0]),
  );
  return asked ? Response.json({ issuer: asked.issuer, jwks_uri: KEYS }) : new Response(null, { status: 404 });
}

function isObject<T>(entry: T | string): entry is T {
  return typeof entry !== 'string';
}
