import { expect } from '@jest/globals';
import { JwtStrategy } from '@nmp/auth';
import { accepted, insufficientScope, invalid, unavailable } from '../answers.js';
import { goodClaims, type Part, signParts } from '../forgeries.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

/** A good token but for its claims, which are this text or these bytes. */
async function withClaims(stage: Stage, texts: (good: string) => Part[]): Promise<string[]> {
  const { signingKey } = stage.issuer;
  const good = JSON.stringify(await goodClaims(stage));
  return texts(good).map((text) => signParts({ alg: 'ES256', kid: signingKey.kid }, text, signingKey));
}

const adding =
  (...members: string[]) =>
  (good: string): string =>
    `${good.slice(0, -1)},${members.join(',')}}`;

/** How claims are written, and what else they say. */
export const formRows: Row[] = [
  {
    id: 'C24',
    what: 'claims whose names resemble the required ones',
    attack: (stage) =>
      ['SUB', 'Sub', 'ſub', 'sub\0', ' sub', 'sub ', 'ѕub'].map((name) =>
        stage.token({ claims: { sub: undefined, [name]: 'admin' } }),
      ),
    answer: invalid('claims'),
    neighbour: async (stage) => ({
      token: await stage.token({ subject: 'user-1', claims: { SUB: 'admin', 'sub\0': 'admin', ſub: 'admin' } }),
      told: { id: 'user-1' },
    }),
  },
  {
    id: 'C24',
    what: 'the same for audience and expiry',
    attack: (stage) => [
      stage.token({ claims: { aud: undefined, AUD: 'nmp-cli', 'aud ': 'nmp-cli' } }),
      stage.token({ claims: { aud: 'other', Aud: 'nmp-cli' } }),
    ],
    answer: invalid('audience'),
    neighbour: (stage) => stage.token({ claims: { Aud: 'other', Exp: 1, EXP: 1 } }),
  },
  {
    id: 'C25',
    what: 'a claim twice, also in another spelling of its name',
    attack: (stage) =>
      withClaims(stage, (good) =>
        [['"sub":"admin"'], ['"\\u0073ub":"admin"'], ['"exp":9999999999'], ['"x":1', '"x":1'], ['"":1', '"":1']].map(
          (members) => adding(...members)(good),
        ),
      ),
    answer: invalid('malformed'),
    neighbour: (stage) =>
      withClaims(stage, (good) => [
        adding('"x":{"sub":"admin","exp":1}', '"y":["sub",{"sub":1}]', '"z":":\\":"')(good),
      ]),
    silent: true,
  },
  {
    id: 'C26',
    what: 'claims that are no object, or no JSON',
    attack: (stage) =>
      withClaims(stage, (good) => [
        '[]',
        `[${good}]`,
        '"x"',
        '1',
        'null',
        'true',
        ' ',
        '{',
        `${good}x`,
        `${good}${good}`,
        Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from(good)]),
        Buffer.from(good, 'utf16le'),
        adding('"x":"\u00ff"')(good).replace('ÿ', '\0'),
      ]),
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'C26',
    what: 'claims that are an empty object',
    attack: (stage) => withClaims(stage, () => ['{}', ' {} ']),
    answer: invalid('issuer'),
    silent: true,
  },
  {
    id: 'C27',
    what: 'ten thousand levels, or a claim of a megabyte: beyond the longest token',
    attack: async (stage) => {
      const strategy = stage.get(JwtStrategy);
      const deep = (good: string): string => adding(`"x":${'['.repeat(10_000)}${']'.repeat(10_000)}`)(good);
      const long = (good: string): string => adding(`"x":"${'x'.repeat(1_000_000)}"`)(good);
      for (const token of await withClaims(stage, (good) => [deep(good), long(good)])) {
        const run = async (): Promise<unknown> => strategy.run({ headers: { authorization: `Bearer ${token}` } });
        await expect(run()).rejects.toMatchObject({ code: 'token_malformed' });
      }
      return withClaims(stage, (good) => [`${good}${'['.repeat(5000)}`]);
    },
    answer: invalid('malformed'),
    neighbour: (stage) => withClaims(stage, (good) => [adding(`"x":${'['.repeat(5000)}${']'.repeat(5000)}`)(good)]),
    silent: true,
  },
  {
    id: 'C28',
    what: 'scopes of an actor are not the scopes of the token',
    attack: async (stage) => {
      const act = { sub: 'admin', scope: 'orders:read', scp: ['orders:read'], act: { sub: 'root' } };
      return { path: '/orders', token: await stage.token({ scope: 'openid', claims: { act, may_act: act } }) };
    },
    answer: insufficientScope,
    neighbour: async (stage) => ({
      path: '/orders',
      token: await stage.token({ scope: 'orders:read', claims: { act: { sub: 'admin' } } }),
      told: { id: 'user-1', actor: { id: 'admin', groups: [] } },
    }),
  },
  {
    id: 'C28',
    what: 'an actor is told and gives no group, e-mail address or id; chains and other forms do no harm',
    attack: async (stage) => {
      const chain = Array.from({ length: 50 }).reduce<object>((act) => ({ sub: 'link', act }), { sub: 'last' });
      const acts: unknown[] = [
        { sub: 'admin', groups: ['admins'], email: 'admin@example.com' },
        chain,
        'admin',
        [],
        1,
        {},
      ];
      return Promise.all(
        acts.map(async (act) => ({
          token: await stage.token({ groups: ['team'], claims: { act } }),
          told: { id: 'user-1', email: 'user@example.com', groups: ['team'], kind: 'user' },
        })),
      );
    },
    answer: accepted,
  },
  {
    id: 'C29',
    what: 'whether tokens are revoked cannot be found out: nobody passes',
    setting: {
      options: {
        revocation: {
          isRevoked: ({ jti }) => {
            if (jti === 'fails') throw new Error('down');
            return jti === 'rejects' ? Promise.reject(new Error('down')) : false;
          },
        },
      },
    },
    attack: (stage) => ['fails', 'rejects', 'fails'].map((jti) => stage.token({ claims: { jti } })),
    answer: unavailable,
    silent: true,
  },
  {
    id: 'C29',
    what: 'an answer that is anything but a plain no',
    setting: {
      options: {
        revocation: { isRevoked: ({ jti }) => (jti === 'good' ? false : (JSON.parse(String(jti)) as boolean)) },
      },
    },
    attack: (stage) => ['true', 'null', '0', '""', '{}', '1'].map((jti) => stage.token({ claims: { jti } })),
    answer: invalid('revoked'),
    neighbour: (stage) => stage.token({ claims: { jti: 'good' } }),
    silent: true,
  },
  {
    id: 'C30',
    what: 'a sign-in too weak or too old for the route',
    attack: (stage) =>
      [
        {},
        { acr: 'pwd', auth_time: stage.now },
        { acr: 'phr' },
        { acr: 'phr', auth_time: stage.now - 301 },
        { acr: 'phr', auth_time: String(stage.now) },
        { acr: ['phr'], auth_time: stage.now },
        { acr: 'phr phrh', auth_time: stage.now },
        { auth_time: stage.now },
      ].map(async (claims) => ({ path: '/vault', token: await stage.token({ claims }) })),
    answer: {
      status: 401,
      code: 'step_up_required',
      challenge: /error="insufficient_user_authentication".*acr_values="phr", max_age="300"/,
    },
    neighbour: async (stage) => [
      { path: '/vault', token: await stage.token({ claims: { acr: 'phr', auth_time: stage.now - 300 } }) },
      { token: await stage.token({ claims: { acr: 'pwd' } }) },
    ],
  },
];
