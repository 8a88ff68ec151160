import { describe, expect, it } from '@jest/globals';
import { ExchangeError } from './exchange-error.js';
import { readExchangeRequest } from './exchange-request.js';

const good = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: 'a.b.c',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
};

describe('readExchangeRequest', () => {
  it('reads what is asked for', () => {
    const form = new URLSearchParams({ ...good, scope: 'platform:read  platform:write', audience: 'a' });
    form.append('resource', 'https://b.example.com');
    form.append('audience', 'c');
    form.append('client_id', 'nmp-cli');
    expect(readExchangeRequest(form)).toEqual({
      subjectToken: 'a.b.c',
      scopes: ['platform:read', 'platform:write'],
      targets: ['a', 'c', 'https://b.example.com'],
      issuedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    });
  });

  it('asks for everything the rule gives when it names no scope', () => {
    for (const form of [good, { ...good, scope: '' }]) {
      expect(readExchangeRequest(new URLSearchParams(form)).scopes).toBeUndefined();
    }
  });

  it.each(['access_token', 'id_token', 'jwt'])('takes a subject token of type %s', (type) => {
    const form = { ...good, subject_token_type: `urn:ietf:params:oauth:token-type:${type}` };
    expect(readExchangeRequest(new URLSearchParams(form)).subjectToken).toBe('a.b.c');
  });

  it.each<[string, Record<string, string>, string]>([
    ['no grant type', { grant_type: '' }, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no subject token', { subject_token: '' }, 'invalid_request'],
    ['no type of it', { subject_token_type: '' }, 'invalid_request'],
    ['an unknown type of it', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }, 'invalid_request'],
    ['an actor', { actor_token: 'a.b.c' }, 'invalid_request'],
    [
      'a wish for another kind',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
    ],
  ])('refuses %s', (_, difference, code) => {
    expect(codeOf(new URLSearchParams({ ...good, ...difference }))).toBe(code);
  });

  it.each(['grant_type', 'subject_token', 'scope', 'client_id'])('refuses %s twice', (name) => {
    const form = new URLSearchParams(good);
    form.append(name, 'x');
    form.append(name, 'y');
    expect(codeOf(form)).toBe('invalid_request');
  });

  it('refuses a form of many fields, and repeats no name', () => {
    const form = new URLSearchParams(good);
    for (let count = 0; count < 64; count += 1) form.append(`field-${count}`, '');
    expect(() => readExchangeRequest(form)).toThrow('at most 64 fields');
    expect(() => readExchangeRequest(new URLSearchParams('a.secret\r\n&a.secret\r\n'))).toThrow(
      'Only audience and resource may come more than once',
    );
  });
});

function codeOf(form: URLSearchParams): string {
  try {
    readExchangeRequest(form);
    return 'accepted';
  } catch (error) {
    return error instanceof ExchangeError ? error.code : String(error);
  }
}
