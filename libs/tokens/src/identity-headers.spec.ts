import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IDENTITY_HEADERS, identityHeaders, isIdentityHeader } from './identity-headers.js';
import { anonymousPrincipal, type Principal } from './principal.js';

const principal = (parts: Partial<Principal>): Principal => ({
  ...anonymousPrincipal,
  kind: 'user',
  id: 'u',
  ...parts,
});

describe('identityHeaders', () => {
  it('writes a principal, encoding what could be read as something else', () => {
    const headers = identityHeaders(
      principal({
        id: 'repo:a/b@1',
        email: 'é@example.com',
        groups: ['a,b', 'c%d', 'ok'],
        scopes: ['platform:read', 'x'],
      }),
    );
    expect(headers).toEqual({
      'X-NMP-Principal-Id': 'repo:a/b@1',
      'X-NMP-Principal-Email': '%C3%A9@example.com',
      'X-NMP-Principal-Groups': 'a%2Cb,c%25d,ok',
      'X-NMP-Scopes': 'platform:read x',
    });
  });

  it('writes for whom a service acts', () => {
    const onBehalfOf = { id: 'user-2', groups: ['g'] };
    expect(identityHeaders(principal({ onBehalfOf }))).toEqual({
      'X-NMP-Principal-Id': 'u',
      'X-NMP-Principal-On-Behalf-Of': 'user-2',
      'X-NMP-Principal-On-Behalf-Of-Groups': 'g',
    });
  });

  it('writes nothing for nobody, and keeps the limits', () => {
    expect(identityHeaders(anonymousPrincipal)).toEqual({});
    expect(identityHeaders(principal({ id: 'x'.repeat(257) }))).toEqual({});
    const groups = Array.from({ length: 101 }, (_, at) => `g${at}`);
    expect(identityHeaders(principal({ groups }))['X-NMP-Principal-Groups']?.split(',')).toHaveLength(100);
  });

  it('never writes a character that ends a header or splits a value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const values = Object.values(identityHeaders(principal({ id: text || 'u', email: text, groups: [text] })));
        return values.every((value) => /^[A-Za-z0-9@._\-:+/%]*$/.test(value));
      }),
    );
  });
});

describe('isIdentityHeader', () => {
  it('knows every spelling a proxy could fold', () => {
    for (const name of IDENTITY_HEADERS) {
      for (const spelling of [
        name,
        name.toLowerCase(),
        name.replaceAll('-', '_'),
        name.replaceAll('-', '.'),
        name.replace('-', '--'),
      ]) {
        expect([spelling, isIdentityHeader(spelling)]).toEqual([spelling, true]);
      }
    }
  });

  it.each(['authorization', 'x-request-id', 'x-nmp-trace', 'x-nmp-principal-identity', ''])(
    'leaves %p alone',
    (name) => {
      expect(isIdentityHeader(name)).toBe(false);
    },
  );
});
