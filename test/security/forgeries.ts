import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { SigningKey } from '@nmp/auth/testing';
import type { Stage } from './stage.js';

/** A part of a token: an object to be written as JSON, or its very text or bytes. */
export type Part = Record<string, unknown> | string | Buffer;

/** Encodes a part as a token has it. */
export function encodePart(part: Part): string {
  const bytes = typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
}

/** Signs the first two parts of a token, in whatever way. */
export interface Signer {
  sign(input: string): Buffer;
}

/** A token of any text, with the signature that its signer makes. */
export function signParts(header: Part, claims: Part, signer: Signer): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${signer.sign(input).toString('base64url')}`;
}

/** A token of any text, authenticated with a secret. */
export function hmacParts(header: Part, claims: Part, secret: string | Buffer, digest = 'sha256'): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${createHmac(digest, secret).update(input).digest('base64url')}`;
}

/** The claims of a token that nothing is wrong with. */
export async function goodClaims(stage: Stage): Promise<Record<string, unknown>> {
  const [, claims = ''] = (await stage.token()).split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>; // made by TestIssuer
}

/** The header that the issuer's tokens have, as JSON text. */
export function headerText({ algorithm, kid }: SigningKey, ...members: string[]): string {
  return `{${[`"alg":"${algorithm}"`, `"kid":"${kid}"`, ...members].join(',')}}`;
}

/** A token with the algorithm ES256K, which is on no list. */
export function secp256k1Token(header: Part, claims: Part): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
