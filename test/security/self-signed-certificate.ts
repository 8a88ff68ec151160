import { sign } from 'node:crypto';
import type { SigningKey } from '@nmp/auth/testing';

/** A certificate that an ES256 key made for itself, in DER. */
export function selfSignedCertificate({ privateKey, publicKey }: SigningKey): Buffer {
  const subjectKey = publicKey.export({ format: 'der', type: 'spki' });
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex')); // ecdsa-with-SHA256
  const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('attacker')))));
  const times = der(0x30, der(0x17, Buffer.from('290101000000Z')), der(0x17, Buffer.from('390101000000Z')));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const signed = der(0x30, version, serial, algorithm, name, times, name, subjectKey);
  return der(0x30, signed, algorithm, der(0x03, Buffer.from([0]), sign('sha256', signed, privateKey)));
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
