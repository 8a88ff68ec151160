import { describe, expect, it } from '@jest/globals';
import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import { headersOfCaller, runAsCaller } from './current-caller.js';

const alice: Principal = { ...anonymousPrincipal, kind: 'user', id: 'alice', groups: ['team-ml'] };
const gatewaySecret = { 'x-gateway-secret': 'secret' };
const authorization = 'Bearer a';

describe('headersOfCaller', () => {
  const headersAs = (principal: Principal, used: string | undefined, options?: { anonymous?: boolean }): unknown =>
    runAsCaller({ principal, authorization: used, gatewaySecret }, () => headersOfCaller(options));

  it('are the token alone where the caller came with one', () => {
    expect(headersAs(alice, authorization)).toEqual({ authorization });
  });

  it('are the identity headers and the secret where a gateway has named the caller', () => {
    const named = { 'X-NMP-Principal-Id': 'alice', 'X-NMP-Principal-Groups': 'team-ml', ...gatewaySecret };
    expect(headersAs(alice, undefined)).toEqual(named);
  });

  it.each([{ jkt: 'thumbprint' }, { 'x5t#S256': 'thumbprint' }])('are none of a token that is bound: %j', (cnf) => {
    const bound = { ...alice, claims: { cnf } };
    expect(() => headersAs(bound, authorization)).toThrow(expect.objectContaining({ reason: 'bound_token' }));
  });

  it('are none of a token with a proof of its own', () => {
    expect(() => headersAs(alice, 'DPoP a')).toThrow(expect.objectContaining({ reason: 'bound_token' }));
  });

  it('are none of an anonymous caller, whatever was sent, or of one whose id is too long', () => {
    const anonymous = expect.objectContaining({ reason: 'anonymous_caller' });
    expect(() => headersAs(anonymousPrincipal, authorization)).toThrow(anonymous);
    expect(headersAs(anonymousPrincipal, authorization, { anonymous: true })).toEqual({});
    const endless = { ...alice, id: 'a'.repeat(300) };
    const unnameable = expect.objectContaining({ reason: 'unnameable_caller' });
    expect(() => headersAs(endless, undefined, { anonymous: true })).toThrow(unnameable);
  });

  it('are not there outside of a handler', () => {
    expect(() => headersOfCaller()).toThrow(expect.objectContaining({ reason: 'no_caller' }));
    expect(headersOfCaller({ anonymous: true })).toEqual({});
  });
});
