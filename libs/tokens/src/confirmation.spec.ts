import { describe, expect, it } from '@jest/globals';
import { checkConfirmation, confirmationOf } from './confirmation.js';

const digest = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const both = { methods: ['jkt', 'x5t#S256'] } as const;

describe('confirmationOf', () => {
  it('reads the keys that a token is bound to', () => {
    expect(confirmationOf({})).toBeUndefined();
    expect(confirmationOf({ cnf: { jkt: digest } })).toEqual({ jkt: digest });
    expect(confirmationOf({ cnf: { jkt: digest, 'x5t#S256': digest } })).toEqual({ jkt: digest, 'x5t#S256': digest });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', digest],
    ['a list', [digest]],
    ['empty', {}],
    ['a key itself', { jwk: { kty: 'EC' } }],
    ['a key id', { kid: 'key-1' }],
    ['an encrypted key', { jwe: 'x' }],
    ['a known member beside an unknown one', { jkt: digest, kid: 'key-1' }],
    ['a digest with padding', { jkt: `${digest}=` }],
    ['a digest with spare bits set', { jkt: `${digest.slice(0, -1)}J` }],
    ['a shorter digest', { 'x5t#S256': digest.slice(0, -1) }],
    ['a digest in base64', { 'x5t#S256': digest.replace('-', '+') }],
    ['a SHA-1 digest', { x5t: digest.slice(0, 27) }],
    ['a list of digests', { jkt: [digest] }],
    ['an inherited name', JSON.parse('{"__proto__":{"jkt":"x"}}')],
  ])('refuses a binding that is %s', (_, cnf) => {
    expect(() => confirmationOf({ cnf })).toThrow(expect.objectContaining({ code: 'token_claims' }));
  });
});

describe('checkConfirmation', () => {
  it.each([
    [{}, undefined],
    [{}, both],
    [{ cnf: { jkt: digest } }, both],
    [{ cnf: { jkt: digest } }, { methods: ['jkt'], required: 'jkt' }],
    [{ cnf: { jkt: digest, 'x5t#S256': digest } }, { ...both, required: 'jkt' }],
  ] as const)('accepts %j where %j is expected', (claims, expected) => {
    expect(() => checkConfirmation(claims, expected)).not.toThrow();
  });

  it.each([
    [{ cnf: { jkt: digest } }, undefined],
    [{ cnf: {} }, undefined],
    [{ cnf: { jkt: digest } }, { methods: ['x5t#S256'] }],
    [{ cnf: { jkt: digest, 'x5t#S256': digest } }, { methods: ['jkt'] }],
    [{}, { ...both, required: 'jkt' }],
    [{ cnf: { 'x5t#S256': digest } }, { ...both, required: 'jkt' }],
  ] as const)('refuses %j where %j is expected', (claims, expected) => {
    expect(() => checkConfirmation(claims, expected)).toThrow(expect.objectContaining({ code: 'token_claims' }));
  });
});
