import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Claims } from '@nmp/tokens';
import type { ExchangeRule } from '../../config/exchange-rule.js';
import { matchingRule } from './matching-rule.js';

interface Fixture {
  readonly id: string;
  readonly access_token_claims: Claims;
}

const fixtures = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/identity-providers.json', import.meta.url), 'utf8'),
) as Fixture[];
const github = claimsOf('github-actions-mutable-sub');
const kubernetes = claimsOf('k8s-bound-token');
const audience = 'https://api.nmp.example.com';

describe('matchingRule', () => {
  it.each<[string, Claims, Partial<ExchangeRule>]>([
    ['the subject of a workflow', github, { subject: 'repo:acme-example/*:ref:refs/heads/main' }],
    ['the id of a repository', github, { claims: { repository_id: '417002', ref: 'refs/heads/main' } }],
    ['a service account', kubernetes, { subject: 'system:serviceaccount:ml:trainer' }],
    ['a namespace', kubernetes, { claims: { 'kubernetes.io.namespace': 'ml' } }],
    ['a quoted path', kubernetes, { claims: { '"kubernetes.io".serviceaccount.name': 'trainer' } }],
    [
      'subject and claims',
      kubernetes,
      { subject: 'system:serviceaccount:ml:*', claims: { 'kubernetes.io.pod.name': 'train-0' } },
    ],
  ])('finds a rule by %s', (_, claims, conditions) => {
    expect(matchingRule([ruleFor(claims, conditions)], claims)).toBeDefined();
  });

  it.each<[string, Claims, Partial<ExchangeRule>]>([
    ['another issuer', github, { issuer: 'https://ci.example.com', subject: github.sub as string }],
    ['another audience', github, { audience: 'https://other.example.com', subject: github.sub as string }],
    ['another repository', github, { claims: { repository_id: '417003' } }],
    ['a claim that is not there', github, { claims: { environment: 'production' } }],
    ['one claim of two', github, { claims: { repository_id: '417002', ref: 'refs/heads/release' } }],
    ['the subject without the claim', github, { subject: github.sub as string, claims: { actor: 'mallory' } }],
    ['the claim without the subject', github, { subject: 'repo:acme-example/other:*:*', claims: { actor: 'mina' } }],
    ['no condition at all', github, {}],
    ['an object', kubernetes, { claims: { 'kubernetes.io.pod': '[object Object]' } }],
    ['what every object has', github, { claims: { 'constructor.name': 'Object' } }],
    [
      'a number that was another before it was read',
      { ...github, run: Number('9007199254740993') },
      { claims: { run: '9007199254740992' } },
    ],
    ['a list that has the value', { ...github, teams: ['ml'] }, { claims: { teams: 'ml' } }],
  ])('finds none by %s', (_, claims, conditions) => {
    expect(matchingRule([ruleFor(claims, conditions)], claims)).toBeUndefined();
  });

  it('takes the first', () => {
    const rules = ['one', 'two'].map((name) => ruleFor(github, { name, claims: { actor: 'mina' } }));
    expect(matchingRule([ruleFor(github, { name: 'zero', claims: { actor: 'x' } }), ...rules], github)?.name).toBe(
      'one',
    );
  });

  it('takes the values of numbers and truths as they are written', () => {
    const claims = { ...github, run: 7, protected: true };
    expect(matchingRule([ruleFor(github, { claims: { run: '7', protected: 'true' } })], claims)).toBeDefined();
  });
});

function ruleFor(claims: Claims, difference: Partial<ExchangeRule>): ExchangeRule {
  return {
    name: 'rule',
    issuer: String(claims.iss),
    jwksUri: undefined,
    discoveryUrl: undefined,
    audience,
    subject: undefined,
    claims: {},
    principal: { id: 'trainer', email: undefined, groups: [] },
    scopes: ['platform:read'],
    lifeSeconds: 300,
    ...difference,
  };
}

function claimsOf(id: string): Claims {
  const found = fixtures.find((fixture) => fixture.id === id);
  if (found === undefined) throw new Error(`there is no fixture ${id}`);
  return found.access_token_claims;
}
