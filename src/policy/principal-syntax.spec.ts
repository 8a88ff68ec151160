import { describe, expect, it } from '@jest/globals';
import { canonicalPrincipal } from './engine/binding-principals.js';
import { parsePrincipal } from './principal-syntax.js';

describe('parsePrincipal', () => {
  it.each([
    ['alice@example.com', 'alice@example.com'],
    ['Alice@Example.COM', 'alice@example.com'],
    ['5f2f7a0c-0000-4000-8000-000000000001', '5f2f7a0c-0000-4000-8000-000000000001'],
    ['auth0|5f2f7a0c', 'auth0|5f2f7a0c'],
    ['group:team-ml', 'group:team-ml'],
    ['group:ML Team', 'group:ML Team'],
    ['group:a@b', 'group:a@b'],
    ['service:jobs', 'service:jobs'],
    ['*', '*'],
  ])('reads %j', (text, principal) => {
    expect(parsePrincipal(text)).toEqual({ principal });
  });

  it('hints at group: where a bare word looks like one', () => {
    expect(parsePrincipal('team-ml')).toEqual({
      principal: 'team-ml',
      hint: "'team-ml' is the id of a user or client; a group is written group:team-ml",
    });
  });

  it.each([
    '',
    ' ',
    ' alice@example.com',
    'alice@example.com\n',
    'a\0b',
    'a\u200bb@example.com',
    'a\u202eb@example.com',
    'e\u0301@example.com',
    'a@b@example.com',
    '@example.com',
    'two words',
    't\u0435am',
    'a'.repeat(257),
    `${'a'.repeat(320)}@example.com`,
    'group:',
    'group: x',
    'Group:x',
    `group:${'a'.repeat(257)}`,
    'service:',
    'service:a b',
    'SERVICE:jobs',
  ])('refuses %j', (text) => {
    expect(parsePrincipal(text)).toEqual({ problem: expect.any(String) });
  });
});

it('looks an e-mail address up in lower case and everything else as it is', () => {
  expect(['A@B.c', 'Group', 'group:A@B'].map(canonicalPrincipal)).toEqual(['a@b.c', 'Group', 'group:A@B']);
});
