import { sign } from 'node:crypto';
import type { SigningKey } from '@nmp/auth/testing';

/** A certificate that an ES256 key made for itself, in DER; on request for a server of the given name. */
export function selfSignedCertificate({ privateKey, publicKey }: SigningKey, host?: string): Buffer {
  const subjectKey = publicKey.export({ format: 'der', type: 'spki' });
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex')); // ecdsa-with-SHA256
  const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('attacker')))));
  const times = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z')));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const extensions = host === undefined ? [] : [der(0xa3, der(0x30, alternativeName(host)))];
  const signed = der(0x30, version, serial, algorithm, name, times, name, subjectKey, ...extensions);
  return der(0x30, signed, algorithm, der(0x03, Buffer.from([0]), sign('sha256', signed, privateKey)));
}

/** @see RFC 5280 §4.2.1.6 */
function alternativeName(host: string): Buffer {
  const names = der(0x30, der(0x82, Buffer.from(host, 'ascii')));
  return der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, names));
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
