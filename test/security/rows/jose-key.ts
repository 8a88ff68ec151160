import { X509Certificate } from 'node:crypto';
import { expect } from '@jest/globals';
import { SigningKey } from '@nmp/auth/testing';
import { accepted, invalid } from '../answers.js';
import type { Row } from '../prove.js';
import { rsaKey } from '../rsa-keys.js';
import { selfSignedCertificate } from '../self-signed-certificate.js';

const attackers = await SigningKey.generate('ES256', 'attacker');
const certificate = selfSignedCertificate(attackers);
const second = await SigningKey.generate('ES256', 'second');

/** The key is chosen among the issuer's by its id, and by nothing else that the token says. */
export const keyRows: Row[] = [
  {
    id: 'J09',
    what: 'a key in the header, under the id of a known key',
    attack: (stage) =>
      stage.token({ key: attackers, header: { jwk: attackers.jwk, kid: stage.issuer.signingKey.kid } }),
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ header: { jwk: attackers.jwk } }),
    silent: true,
  },
  {
    id: 'J09',
    what: 'a key in the header, under its own id',
    attack: (stage) => stage.token({ key: attackers, header: { jwk: attackers.jwk } }),
    answer: invalid('key'),
  },
  {
    id: 'J10',
    what: 'the address of a key set in the header: ignored, and nothing asked for it',
    attack: async (stage) => {
      const stranger = await stage.stranger();
      stranger.publish([attackers.jwk]);
      const { kid } = stage.issuer.signingKey;
      const addresses = [stranger.jwksUri, 'http://169.254.169.254/latest', 'file:///etc/passwd', 'https://x.example'];
      for (const address of addresses) {
        for (const name of ['jku', 'x5u']) {
          await stage.expect(
            await stage.token({ key: attackers, header: { [name]: address, kid } }),
            invalid('signature'),
          );
          await stage.expect(await stage.token({ key: attackers, header: { [name]: address } }), invalid('key'));
        }
      }
      expect(stranger.requests).toEqual([]);
    },
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ header: { jku: 'https://keys.example.com/jwks', x5u: 'file:///etc/passwd' } }),
    silent: true,
  },
  {
    id: 'J11',
    what: 'a certificate chain in the header',
    attack: (stage) => {
      expect(new X509Certificate(certificate).verify(attackers.publicKey)).toBe(true);
      const header = { x5c: [certificate.toString('base64')], kid: stage.issuer.signingKey.kid };
      return stage.token({ key: attackers, header });
    },
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ header: { x5c: [certificate.toString('base64')] } }),
    silent: true,
  },
  {
    id: 'J12',
    what: 'key ids that are paths, queries, commands, names of every object, or long',
    attack: (stage) =>
      [
        '../../dev/null',
        '/dev/null',
        "' OR 1=1--",
        "' UNION SELECT 'key",
        ';id',
        '$(id)',
        '__proto__',
        'constructor',
        '',
        '🔑',
        'k'.repeat(10_000),
      ].map((kid) => stage.token({ header: { kid } })),
    answer: invalid('key'),
  },
  {
    id: 'J12',
    what: 'such an id is compared as it is written, where a key really has it',
    prepare: (issuer) =>
      issuer.publish(['../../dev/null', '__proto__', '🔑'].map((kid) => issuer.signingKey.renamed(kid).jwk)),
    attack: (stage) => [stage.token({ header: { kid: '../dev/null' } }), stage.token({ header: { kid: '__PROTO__' } })],
    answer: invalid('key'),
    neighbour: (stage) =>
      ['../../dev/null', '__proto__', '🔑'].map((kid) => stage.token({ key: stage.issuer.signingKey.renamed(kid) })),
  },
  {
    id: 'J13',
    what: 'a key id that is no string, although there is but one key',
    attack: (stage) =>
      [0, 1, null, true, [], [stage.issuer.signingKey.kid], {}, { kid: 1 }].map((kid) =>
        stage.token({ header: { kid } }),
      ),
    answer: invalid('key'),
    silent: true,
  },
  {
    id: 'J14',
    what: 'no key id is accepted where exactly one usable key fits',
    prepare: (issuer) =>
      issuer.publish([issuer.signingKey.jwk, { ...second.jwk, use: 'enc' }, { kty: 'oct', k: 'AAAA' }]),
    attack: (stage) => stage.token({ header: { kid: undefined } }),
    answer: accepted,
  },
  {
    id: 'J14',
    what: 'no key id, and another key than the only one',
    attack: (stage) => stage.token({ key: attackers, header: { kid: undefined } }),
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ header: { kid: undefined } }),
    silent: true,
  },
  {
    id: 'J15',
    what: 'no key id and several usable keys: refused, none is tried',
    prepare: (issuer) => issuer.publish([issuer.signingKey.jwk, second.jwk, rsaKey.jwk]),
    attack: (stage) => stage.token({ header: { kid: undefined } }),
    answer: invalid('key'),
    neighbour: (stage) => [stage.token(), stage.token({ key: rsaKey, header: { kid: undefined } })],
  },
];
