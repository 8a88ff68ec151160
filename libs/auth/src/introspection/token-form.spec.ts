import { describe, expect, it } from '@jest/globals';
import { hasJwsForm } from './token-form.js';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('hasJwsForm', () => {
  it.each([
    ['a JWS', `${part({ alg: 'ES256' })}.${part({})}.AAAA`],
    ['a JWS without signature', `${part({ alg: 'none' })}.${part({})}.`],
    ['a header without algorithm', `${part({})}.${part({})}.AAAA`],
    ['a header with a member that is not understood', `${part({ alg: 'ES256', crit: ['x'] })}.e30.AAAA`],
    ['a header in sloppy base64', `${Buffer.from('{"alg":"ES256"} ').toString('base64')}.e30.AAAA`],
    ['a header with a member twice', `${Buffer.from('{"alg":"none","alg":"ES256"}').toString('base64url')}.e30.AAAA`],
    ['no payload', `${part({ alg: 'ES256' })}..AAAA`],
  ])('is true of %s', (_what, token) => {
    expect(hasJwsForm(token)).toBe(true);
  });

  it.each([
    ['one part', 'a1b2c3d4'],
    ['two parts', `${part({ alg: 'ES256' })}.e30`],
    ['an encrypted JWT', `${part({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
    ['three parts, the first of which is no header', 'ya29.a0Ab.cD-e'],
    ['a header that is a list', `${part([])}.e30.AAAA`],
    ['a header that is null', `${part(null)}.e30.AAAA`],
    ['nothing before the first dot', `.${part({})}.AAAA`],
    ['nothing', ''],
  ])('is false of %s', (_what, token) => {
    expect(hasJwsForm(token)).toBe(false);
  });
});
