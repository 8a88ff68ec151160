import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { checkCertificate } from './certificate-binding.js';

const certificate = Buffer.from('any bytes at all');
const digest = createHash('sha256').update(certificate).digest('base64url');

describe('checkCertificate', () => {
  it('accepts the certificate that the token names', () => {
    expect(() => checkCertificate(digest, certificate)).not.toThrow();
  });

  it.each([
    ['none', digest, undefined],
    ['another', digest, Buffer.from('other bytes')],
    [
      'one of which the token has another digest',
      createHash('sha1').update(certificate).digest('base64url'),
      certificate,
    ],
    ['one of which the token has no digest', '', certificate],
  ])('refuses %s', (_, named, presented) => {
    expect(() => checkCertificate(named, presented)).toThrow(expect.objectContaining({ code: 'token_claims' }));
  });
});
