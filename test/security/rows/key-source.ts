import { SigningKey } from '@nmp/auth/testing';
import { accepted, invalid, unavailable } from '../answers.js';
import { sendDocument } from '../odd-server.js';
import type { Row } from '../prove.js';

const second = await SigningKey.generate('ES256', 'second');

/** Key sets that move, are cached on the way, or belong to another issuer. */
export const keySourceRows: Row[] = [
  {
    id: 'D16',
    what: 'the issuer moves its key set: the keys of the old place fall when the discovery document is read again',
    apart: true,
    prepare: async (issuer, stage) => {
      const stranger = await stage.stranger();
      stranger.publish([second.jwk]);
      const moves = stage.now + 600;
      const server = await stage.serve((_request, response) => {
        const uri = stage.now < moves ? issuer.jwksUri : stranger.jwksUri;
        sendDocument(response, { issuer: issuer.issuer, jwks_uri: uri });
      });
      return { options: { cache: false, oidc: { discoveryUrl: server.origin } } };
    },
    attack: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.clock.advance(601);
      await stage.expect(await stage.token({ key: second }), accepted);
      return stage.token();
    },
    answer: invalid('key'),
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      await stage.expect(await stage.token({ key: second }), invalid('key'));
      stage.clock.advance(299);
      return stage.token();
    },
  },
  {
    id: 'D18',
    what: 'a cache between us and the issuer is told to ask the issuer itself',
    apart: true,
    prepare: async (issuer, stage) => {
      const server = await stage.serve(({ headers }, response) => {
        const isFresh = headers['cache-control'] === 'no-cache';
        sendDocument(response, { keys: [issuer.signingKey.jwk, ...(isFresh ? [second.jwk] : [])] });
      });
      return { options: { oidc: { jwksUri: server.origin } } };
    },
    attack: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.clock.advance(30);
      return stage.token({ header: { kid: 'invented' } });
    },
    answer: invalid('key'),
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.clock.advance(30);
      return stage.token({ key: second });
    },
  },
  {
    id: 'D19',
    what: 'one of two issuers is down: the other knows nothing of it',
    apart: true,
    prepare: async (_issuer, stage) => {
      const stranger = await stage.stranger();
      stranger.fail('refuse');
      return { options: { oidc: { additionalIssuers: [stranger.issuer] } } };
    },
    attack: async (stage) => {
      const [stranger] = stage.strangers;
      await stage.expect(await stage.token(), accepted);
      return [stranger?.accessToken() ?? '', stranger?.accessToken({ header: { kid: 'other' } }) ?? ''];
    },
    answer: unavailable,
  },
];
