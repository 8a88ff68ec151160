import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { JwtStrategy, standaloneVerifier } from '@nmp/auth';
import { SigningKey, type TestIssuer } from '@nmp/auth/testing';
import { accepted, badRequest, invalid, refusedByParser } from '../answers.js';
import { encodePart, goodClaims } from '../forgeries.js';
import type { Row } from '../prove.js';
import type { Stage, StageSetting } from '../stage.js';
import { answerOf, introspecting, toldToken } from './introspection-answers.js';

const foreign = await SigningKey.generate('ES256', 'foreign');
const setting: StageSetting = { options: introspecting };
const withJwts: StageSetting = {
  options: { ...introspecting, oidc: { ...introspecting.oidc, introspectUnverifiableJwts: true } },
};
const longest = 16_384;

/** Verifies tokens of an issuer as another application in the same process does. */
function elsewhere({ issuer }: TestIssuer, stage: Stage) {
  return standaloneVerifier({ oidc: { issuer, clientId: 'nmp-cli', ...introspecting.oidc } }, stage.clock);
}

/** What was last sent to the endpoint as a token. */
function lastSent({ issuer }: Stage): string[] | undefined {
  return issuer.introspection.requests.at(-1)?.form.getAll('token');
}

/** A JWT of the issuer's without any signature. */
async function unsigned(stage: Stage, odd: object = {}): Promise<string> {
  return `${encodePart({ alg: 'none' })}.${encodePart({ ...(await goodClaims(stage)), ...odd })}.`;
}

/** Good tokens of both kinds: the keys are fetched now, and not in the middle of an attack that must cost nothing. */
const bothKinds = async (stage: Stage): Promise<string[]> => [await stage.token(), stage.issuer.opaqueToken()];

/** Which tokens the introspection endpoint is shown, and what is kept of them. */
export const introspectionTokenRows: Row[] = [
  {
    id: 'I05',
    what: 'a token that another tenant has verified says nothing here',
    setting,
    attack: async (stage) => {
      const stranger = await stage.stranger();
      const token = stranger.opaqueToken({ subject: 'theirs' });
      expect(await elsewhere(stranger, stage).verify(token)).toMatchObject({ id: 'theirs', issuer: stranger.issuer });
      return token;
    },
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const stranger = await stage.stranger();
      const token = stranger.opaqueToken({ subject: 'theirs' });
      await elsewhere(stranger, stage).verify(token);
      stage.issuer.tell(token, answerOf(stage, { sub: 'ours' }));
      return [{ token, told: { id: 'ours', issuer: stage.issuer.issuer } }];
    },
  },
  {
    id: 'I05',
    what: 'no issuer is shown the tokens of another',
    prepare: async (_issuer, stage) => {
      const { issuer } = await stage.stranger();
      return { options: { oidc: { ...introspecting.oidc, additionalIssuers: [{ issuer }] } } };
    },
    attack: (stage) => {
      expect(stage.strangers.flatMap(({ introspection }) => introspection.requests)).toEqual([]);
      return stage.strangers.map((stranger) => stranger.opaqueToken());
    },
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const [stranger] = stage.strangers;
      return [stage.issuer.opaqueToken(), (await stranger?.accessToken()) ?? ''];
    },
  },
  {
    id: 'I06',
    what: 'characters that no header may have',
    setting,
    attack: () => ['a&token=b', 'a%26', 'a b', 'a"b', 'äöü'],
    answer: badRequest,
    silent: true,
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      const token = 'a+b/c-d_e~f.g==';
      stage.issuer.tell(token, answerOf(stage));
      await stage.expect(token, accepted);
      expect(lastSent(stage)).toEqual([token]);
      const form = stage.issuer.introspection.requests.at(-1)?.form;
      expect(Object.fromEntries(form ?? [])).toEqual({ token, token_type_hint: 'access_token' });
    },
  },
  {
    id: 'I06',
    what: 'whatever comes by another way than a header is one value of a form',
    setting,
    attack: async (stage) => {
      const token = 'good&active=true&token=%41+"\\';
      await expect(elsewhere(stage.issuer, stage).verify(token)).rejects.toMatchObject({ code: 'token_inactive' });
      expect(lastSent(stage)).toEqual([token]);
    },
    answer: invalid('inactive'),
    neighbour: (stage) => stage.issuer.opaqueToken(),
  },
  {
    id: 'I06',
    what: '100 KB: the server does not even read them',
    setting,
    attack: () => 'x'.repeat(100_000),
    answer: refusedByParser,
    silent: true,
    neighbour: bothKinds,
  },
  {
    id: 'I06',
    what: 'too long, or with white space, by another way',
    setting,
    attack: async (stage) => {
      const verifier = elsewhere(stage.issuer, stage);
      for (const token of ['x'.repeat(longest + 1), 'x'.repeat(100_000), 'x\r\ny', '', 'x y']) {
        await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_malformed' });
      }
    },
    answer: invalid('malformed'),
    silent: true,
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      const token = 'x'.repeat(longest);
      stage.issuer.tell(token, answerOf(stage));
      expect(await elsewhere(stage.issuer, stage).verify(token)).toMatchObject({ id: 'user-1' });
    },
  },
  {
    id: 'I07',
    what: 'a JWT with alg none is refused here',
    setting,
    attack: async (stage) => [await unsigned(stage), `${await unsigned(stage)}eA`],
    answer: invalid('algorithm'),
    silent: true,
    neighbour: bothKinds,
  },
  {
    id: 'I07',
    what: 'a JWT with alg none that the issuer has never seen, where JWTs are asked about',
    setting: withJwts,
    attack: async (stage) => {
      const token = await unsigned(stage);
      await stage.expect(token, invalid('inactive'));
      expect(lastSent(stage)).toEqual([token]);
      return token;
    },
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const token = await unsigned(stage, { sub: 'admin', groups: ['admins'], scope: 'orders:read' });
      stage.issuer.tell(token, answerOf(stage, { sub: 'user-7', scope: 'openid' }));
      return { token, told: { id: 'user-7', groups: [], scopes: ['openid'] } };
    },
  },
  {
    id: 'I07',
    what: 'a JWT with alg none in the name of another issuer, or of none, where JWTs are asked about',
    setting: withJwts,
    attack: async (stage) => [
      await unsigned(stage, { iss: 'https://other.example.com' }),
      await unsigned(stage, { iss: undefined }),
      `${encodePart({ alg: 'none' })}.${encodePart('no claims')}.`,
    ],
    answer: invalid('algorithm'),
    silent: true,
  },
  {
    id: 'I07',
    what: 'a JWT with a key that the issuer has not, where JWTs are asked about',
    setting: withJwts,
    attack: (stage) => stage.token({ key: foreign }),
    answer: invalid('inactive'),
    neighbour: async (stage) => {
      const token = await stage.token({ key: foreign, subject: 'admin' });
      stage.issuer.tell(token, answerOf(stage, { sub: 'user-7' }));
      return [{ token, told: { id: 'user-7' } }, stage.token()];
    },
  },
  {
    id: 'I07',
    what: 'a JWT whose signature does not hold is refused here, whatever the issuer would say',
    setting: withJwts,
    attack: async (stage) => {
      const [header, , signature] = (await stage.token()).split('.');
      const token = `${header}.${encodePart({ ...(await goodClaims(stage)), sub: 'admin' })}.${signature}`;
      stage.issuer.tell(token, answerOf(stage));
      return token;
    },
    answer: invalid('signature'),
    silent: true,
  },
  {
    id: 'I07',
    what: 'a JWT that has expired is refused here, whatever the issuer would say',
    setting: withJwts,
    attack: async (stage) => {
      const token = await stage.token({ expiresInSeconds: -60 });
      stage.issuer.tell(token, answerOf(stage));
      return token;
    },
    answer: invalid('expired'),
    silent: true,
  },
  {
    id: 'I08',
    what: 'nothing of a token is kept, accepted or not',
    setting,
    attack: async (stage) => {
      const good = stage.issuer.opaqueToken({ subject: 'a-remembered-user' });
      const bad = toldToken(stage, { active: false });
      await stage.expect(good, accepted);
      await stage.expect(bad, invalid('inactive'));
      const kept = inspect(stage.get(JwtStrategy), { depth: 30, showHidden: true, maxArrayLength: null });
      expect(kept).toContain('a-remembered-user');
      for (const token of [good, bad]) expect(kept).not.toContain(token.slice(7));
      return bad;
    },
    answer: invalid('inactive'),
    neighbour: (stage) => stage.issuer.opaqueToken(),
  },
];
