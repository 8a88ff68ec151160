import { describe, expect, it } from '@jest/globals';
import { assert, property, string, uniqueArray } from 'fast-check';
import { isAuthError } from './errors.js';
import { identityHeaders } from './identity-headers.js';
import { anonymousPrincipal, type Principal } from './principal.js';
import { isReservedName } from './reserved-names.js';
import { type IdentityHeaderValues, principalOfIdentityHeaders } from './trusted-identity.js';

describe('principalOfIdentityHeaders', () => {
  it('reads what identityHeaders wrote', () => {
    const principal: Principal = {
      ...anonymousPrincipal,
      kind: 'user',
      id: 'repo:a/b@1',
      email: 'é@example.com',
      groups: ['a,b', 'c%d', 'ok'],
      scopes: ['platform:read'],
      onBehalfOf: { id: 'user-2', email: 'b@example.com', groups: ['g'] },
    };
    expect(principalOfIdentityHeaders(identityHeaders(principal))).toEqual(principal);
  });

  it('gets any text back, or refuses it', () => {
    const text = string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    assert(
      property(text, uniqueArray(text, { maxLength: 5 }), (id, groups) => {
        const headers = identityHeaders({ ...anonymousPrincipal, kind: 'user', id, groups });
        const principal = codeOr(headers);
        return (
          typeof principal === 'string' ||
          principal === undefined ||
          (principal.id === id && principal.groups.join() === groups.filter((name) => !isReservedName(name)).join())
        );
      }),
    );
  });

  it('means nobody without an id, whatever else is written', () => {
    expect(principalOfIdentityHeaders({ 'X-NMP-Principal-Email': 'a@example.com' })).toBeUndefined();
    expect(principalOfIdentityHeaders({ 'X-NMP-Principal-Id': '  ' })).toBeUndefined();
  });

  it.each<[string, IdentityHeaderValues]>([
    ['a blank inside', { 'X-NMP-Principal-Id': 'a b' }],
    ['a comma: two headers joined', { 'X-NMP-Principal-Id': 'a, b' }],
    ['a quote', { 'X-NMP-Principal-Id': 'a"' }],
    ['an encoded line end', { 'X-NMP-Principal-Id': 'a%0D%0Ab' }],
    ['half of a character', { 'X-NMP-Principal-Id': '%C3' }],
    ['a broken encoding', { 'X-NMP-Principal-Id': '%zz' }],
    ['too long an id', { 'X-NMP-Principal-Id': 'x'.repeat(257) }],
    ['a service', { 'X-NMP-Principal-Id': 'service:gateway' }],
    ['everybody', { 'X-NMP-Principal-Id': '%2A' }],
    ['an address without host', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Email': 'a@' }],
    ['two addresses', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Email': 'a@b@c' }],
    ['too many groups', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Groups': 'g,'.repeat(101) }],
    ['too long a group', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Groups': 'g'.repeat(257) }],
    ['an encoded blank', { 'X-NMP-Principal-Id': '%20' }],
    ['a service behind a blank', { 'X-NMP-Principal-Id': '%20service:x' }],
    ['a service as an address', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Email': 'service:x@example.com' }],
    ['a service on whose behalf', { 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-On-Behalf-Of': 'service:x' }],
  ])('refuses %s', (_what, values) => expect(codeOr(values)).toBe('malformed_request'));

  it('leaves out groups of a reserved form, as of a token', () => {
    const groups = 'service:x,group:y,%2A,%20service:z,team-ml';
    expect(principalOfIdentityHeaders({ 'X-NMP-Principal-Id': 'a', 'X-NMP-Principal-Groups': groups })).toMatchObject({
      groups: ['team-ml'],
    });
  });

  it('names the header and the rule', () => {
    expect(() => principalOfIdentityHeaders({ 'X-NMP-Principal-Id': 'a b' })).toThrow(
      /^Header X-NMP-Principal-Id may contain/,
    );
  });
});

function codeOr(values: IdentityHeaderValues): Principal | string | undefined {
  try {
    return principalOfIdentityHeaders(values);
  } catch (error) {
    return isAuthError(error) ? error.code : 'another error';
  }
}
