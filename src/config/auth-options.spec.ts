import { describe, expect, it } from '@jest/globals';
import { settingNameOf, settingProblemOf } from './auth-options.js';

describe('settingProblemOf', () => {
  it.each([
    [
      'oidc.introspectOpaqueTokens needs oidc.introspectionClientSecret or oidc.introspectionPrivateKey',
      'auth.oidc.introspect_opaque_tokens needs auth.oidc.introspection_client_secret or auth.oidc.introspection_private_key',
    ],
    [
      'oidc.x cannot be used with dpop.required: UserInfo names no key',
      'auth.oidc.x cannot be used with auth.dpop.required: UserInfo names no key',
    ],
    ['clockToleranceSeconds must be 0 or more', 'auth.clock_tolerance_seconds must be 0 or more'],
    ['oidc.issuer is required, or set enabled: false', 'auth.oidc.issuer is required, or set auth.enabled: false'],
  ])('spells every setting as the operator does: %s', (problem, told) => {
    expect(settingProblemOf(problem)).toBe(told);
  });
});

describe('settingNameOf', () => {
  it.each([
    ['oidc.audience', 'auth.oidc.audience (NMP_AUTH_OIDC__AUDIENCE)'],
    ['clockToleranceSeconds', 'auth.clock_tolerance_seconds (NMP_AUTH_CLOCK_TOLERANCE_SECONDS)'],
    ['publicUrl', 'public_url (NMP_PUBLIC_URL)'],
    ['dpop', 'auth.dpop'],
  ])('names the setting and the variable of %s', (option, named) => {
    expect(settingNameOf(option)).toBe(named);
  });
});
