import { describe, expect, it } from '@jest/globals';
import { InvalidRequestError } from '@nmp/tokens';
import { httpCarrier } from '../carriers/http.js';
import { bearerTokenOf, type HandshakeRequest, takeTokenProtocol, withToken } from './handshake.js';

const requestOf = (headers: Record<string, string>): HandshakeRequest => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  rawHeaders: Object.entries(headers).flat(),
});

describe('withToken', () => {
  const authorizationOf = (request: HandshakeRequest): unknown => httpCarrier(request).headers.authorization;

  it('puts a token where that of a request is', () => {
    expect(authorizationOf(withToken(requestOf({ Host: 'a' }), 't'))).toBe('Bearer t');
  });

  it.each([undefined, null])('leaves a request alone for %j', (token) => {
    expect(authorizationOf(withToken(requestOf({ Authorization: 'Bearer t' }), token))).toBe('Bearer t');
  });

  it('takes the same token in both places for one', () => {
    expect(authorizationOf(withToken(requestOf({ Authorization: 'bearer t' }), 't'))).toBe('bearer t');
  });

  it.each(['Bearer other', 'Basic t', 'Bearer', ''])('makes two credentials of it and %j', (authorization) => {
    const request = withToken(requestOf({ Authorization: authorization }), 't');
    expect(authorizationOf(request)).toEqual([authorization, 'Bearer t']);
  });

  it.each([0, 1, true, {}, ['t']])('refuses %j', (token) => {
    expect(() => withToken(requestOf({}), token)).toThrow(InvalidRequestError);
  });
});

describe('takeTokenProtocol', () => {
  const name = 'Sec-WebSocket-Protocol';

  it.each([
    ['chat, nmp.bearer.a.b.c', 'chat', 'a.b.c'],
    ['nmp.bearer.a%2Fb%3D,chat , v2', 'chat, v2', 'a/b='],
  ])('takes the token out of %j', (offered, left, token) => {
    const request = requestOf({ Host: 'a', [name]: offered });
    expect(takeTokenProtocol(request)).toBe(token);
    expect(request).toEqual(requestOf({ Host: 'a', [name]: left }));
  });

  it('leaves other lists as they are', () => {
    const request = requestOf({ [name]: 'chat,v2' });
    expect(takeTokenProtocol(request)).toBeUndefined();
    expect(request).toEqual(requestOf({ [name]: 'chat,v2' }));
    expect(takeTokenProtocol(requestOf({}))).toBeUndefined();
  });

  it.each(['nmp.bearer.a', 'chat, nmp.bearer.a, nmp.bearer.b', 'chat, nmp.bearer.%'])(
    'refuses %j, and takes the token out all the same',
    (offered) => {
      const request = requestOf({ [name]: offered });
      expect(() => takeTokenProtocol(request)).toThrow(InvalidRequestError);
      expect(JSON.stringify(request)).not.toContain('nmp.bearer');
    },
  );
});

describe('bearerTokenOf', () => {
  it.each([
    ['Bearer t', 't'],
    ['DPoP t', 't'],
  ])('reads the token of %j', (authorization, token) => {
    expect(bearerTokenOf(requestOf({ Authorization: authorization }))).toBe(token);
  });

  it('finds none where a gateway named the caller', () => {
    expect(bearerTokenOf(requestOf({}))).toBeUndefined();
  });
});
