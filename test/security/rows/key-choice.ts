import { expect } from '@jest/globals';
import { SigningKey } from '@nmp/auth/testing';
import { accepted, invalid, refusedAtBootstrap } from '../answers.js';
import { encodePart, goodClaims } from '../forgeries.js';
import type { Row } from '../prove.js';
import { rsaKey } from '../rsa-keys.js';

const second = await SigningKey.generate('ES256', 'second');
const attackers = await SigningKey.generate('ES256', 'attacker');

/** Which key is taken, and when none is. */
export const keyChoiceRows: Row[] = [
  {
    id: 'K10',
    what: 'two keys of one id: type and algorithm choose, and no other key counts',
    prepare: (issuer) => issuer.publish([rsaKey.renamed('twin').jwk, second.renamed('twin').jwk]),
    attack: (stage) => [
      stage.token({ key: attackers, header: { kid: 'twin' } }),
      stage.token({ key: second, header: { kid: 'twin', alg: 'RS256' } }),
      stage.token({ key: rsaKey, header: { kid: 'twin', alg: 'ES256' } }),
    ],
    answer: invalid('signature'),
    neighbour: (stage) => [stage.token({ key: rsaKey.renamed('twin') }), stage.token({ key: second.renamed('twin') })],
    silent: true,
  },
  {
    id: 'K10',
    what: 'several keys of one id, type and algorithm are tried in turn, four at the most',
    prepare: async (issuer) => {
      const others = await Promise.all(Array.from({ length: 3 }, () => SigningKey.generate('ES256', 'twin')));
      issuer.publish([...others.map(({ jwk }) => jwk), second.renamed('twin').jwk, attackers.renamed('twin').jwk]);
    },
    attack: (stage) => stage.token({ key: attackers.renamed('twin') }),
    answer: invalid('signature'),
    neighbour: (stage) => stage.token({ key: second.renamed('twin') }),
    silent: true,
  },
  {
    id: 'K11',
    what: 'one key id at two issuers: the keys of one never verify tokens of the other',
    prepare: async (issuer, stage) => {
      const stranger = await stage.stranger();
      issuer.publish([second.jwk]);
      stranger.publish([attackers.renamed('second').jwk]);
      return { options: { oidc: { additionalIssuers: [stranger.issuer] } } };
    },
    attack: (stage) => [
      stage.token({ key: attackers, header: { kid: 'second' } }),
      stage.strangers[0]?.accessToken({ key: second }) ?? '',
    ],
    answer: invalid('signature'),
    neighbour: (stage) => [
      stage.token({ key: second }),
      stage.strangers[0]?.accessToken({ key: attackers, header: { kid: 'second' } }) ?? '',
    ],
    silent: true,
  },
  {
    id: 'K12',
    what: 'HMAC, none and unknown algorithms cannot be configured, secret or not: refused at bootstrap',
    setting: { options: { algorithms: ['ES256', 'PS512'] } },
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      for (const algorithm of ['HS256', 'HS512', 'none', 'None', 'ES256K', 'RSA-OAEP', '', null, 256]) {
        await stage.expectNoStart({ oidc, algorithms: ['ES256', algorithm] }, /algorithms/);
      }
      for (const algorithms of [[], 'ES256', {}, null]) await stage.expectNoStart({ oidc, algorithms }, /algorithms/);
      for (const secret of ['', 'secret']) {
        await stage.expectNoStart({ oidc: { ...oidc, clientSecret: secret } }, /clientSecret/);
        await stage.expectNoStart({ oidc, secretOrKey: secret }, /secretOrKey/);
      }
    },
    answer: refusedAtBootstrap,
  },
  {
    id: 'K13',
    what: 'entries that are no keys at all never mean "no signature needed"',
    prepare: (issuer) =>
      issuer.publish([
        null,
        1,
        '',
        [],
        {},
        { kid: 'empty' },
        { kid: 'empty', kty: 'EC', alg: 'ES256' },
        { kid: 'empty', kty: 'EC', alg: 'ES256', crv: 'P-256', x: '', y: '' },
        { kid: 'empty', kty: 'RSA', alg: 'RS256', n: null, e: null },
        issuer.signingKey.jwk,
      ]),
    attack: async (stage) => [
      stage.token({ key: attackers.renamed('empty') }),
      stage.token({ key: rsaKey.renamed('empty') }),
      `${encodePart({ alg: 'ES256', kid: 'empty' })}.${encodePart(await goodClaims(stage))}.AAAA`,
    ],
    answer: invalid('key'),
  },
  {
    id: 'K14',
    what: 'a key that was taken out of the set: its tokens fall with the next fetch, remembered ones too',
    setting: { options: { cache: { ttlSeconds: 100_000 } } },
    apart: true,
    attack: async (stage) => {
      const { issuer } = stage;
      const removed = await stage.token({ expiresInSeconds: 10_000 });
      await stage.expect(removed, accepted);
      issuer.publish([second.jwk]);
      stage.clock.advance(601);
      await stage.expect(await stage.token({ header: { kid: 'unknown' } }), invalid('key')); // waits for the fetch
      await stage.expect(await stage.token({ key: second }), accepted);
      return [removed, stage.token()];
    },
    answer: invalid('key'),
    neighbour: async (stage) => {
      const kept = await stage.token({ expiresInSeconds: 10_000 });
      await stage.expect(kept, accepted);
      stage.issuer.publish([second.jwk, stage.issuer.signingKey.jwk]);
      stage.clock.advance(601);
      await stage.expect(await stage.token({ header: { kid: 'unknown' } }), invalid('key'));
      return kept;
    },
  },
  {
    id: 'K15',
    what: 'nothing else in a token leads to a key: other members, claims, or what stands in them',
    attack: async (stage) => {
      const stranger = await stage.stranger();
      stranger.publish([attackers.renamed(stage.issuer.signingKey.kid).jwk]);
      const pointers = { iss: stranger.issuer, jwks_uri: stranger.jwksUri, jwks: { keys: [attackers.jwk] } };
      const { kid } = stage.issuer.signingKey;
      const claims = { jwks_uri: stranger.jwksUri, jwk: attackers.jwk, kid, cnf: { jwk: attackers.jwk } };
      for (const header of [pointers, { ...pointers, issuer: stranger.issuer }]) {
        const token = await stage.token({ key: attackers, header: { kid, ...header }, claims });
        await stage.expect(token, invalid('signature'));
      }
      await stage.expect(await stage.token({ key: attackers, header: pointers, claims }), invalid('key'));
      expect(stranger.requests).toEqual([]);
    },
    answer: invalid('signature'),
    neighbour: (stage) =>
      stage.token({ header: { iss: 'https://evil.example' }, claims: { jwks_uri: 'https://evil.example/jwks' } }),
    silent: true,
  },
];
