import { describe, expect, it } from '@jest/globals';
import {
  AccessDeniedError,
  type AuthError,
  InsufficientScopeError,
  InvalidRequestError,
  InvalidTokenError,
  IssuerUnavailableError,
  MissingTokenError,
} from '@nmp/tokens';
import { bearerChallenge } from './bearer-challenge.js';

describe('bearerChallenge', () => {
  it.each<[AuthError, string | undefined]>([
    [new MissingTokenError(), 'Bearer realm="nmp"'],
    [
      new InvalidRequestError('no token follows the scheme'),
      'Bearer realm="nmp", error="invalid_request", error_description="Invalid bearer token: no token follows the scheme"',
    ],
    [
      new InvalidTokenError('expired', 'for the log only'),
      'Bearer realm="nmp", error="invalid_token", error_description="Invalid or expired token: it has expired"',
    ],
    [
      new InsufficientScopeError(['a:read', 'a:write']),
      'Bearer realm="nmp", error="insufficient_scope", ' +
        'error_description="Forbidden: the token lacks a required scope (a:read a:write)", scope="a:read a:write"',
    ],
    [new AccessDeniedError(), undefined],
    [new IssuerUnavailableError('down', 5), undefined],
  ])('of %p', (error, challenge) => expect(bearerChallenge(error, 'nmp')).toBe(challenge));

  it('stays one header whatever a description holds', () => {
    const challenge = bearerChallenge(new InvalidRequestError('a"b\\c\r\nX-Evil: 1é'), 'nmp');
    expect(challenge).toContain("Invalid bearer token: a'b'c''X-Evil: 1'\"");
  });
});
