import { expect } from '@jest/globals';
import { accepted, badRequest, insufficientScope, invalid, refusedByParser } from '../answers.js';
import { email, fromHere, id, lines, scopes, told } from '../gateway.js';
import type { Row } from '../prove.js';

/** Names that one proxy or another takes for those of the identity headers. */
const spellings = [
  'x-nmp-principal-id',
  'X-NMP-PRINCIPAL-ID',
  'X_NMP_Principal_Id',
  'X-NMP_Principal-Id',
  'X--NMP--Principal--Id',
  'X.NMP.Principal.Id',
  'x-nmp-principal-email',
  'x_nmp_principal_groups',
  'X-NMP-Principal-On-Behalf-Of',
  'X-NMP-Principal.On.Behalf.Of-Email',
  'X-NMP-Principal-On-Behalf-Of-Groups',
  'x_nmp_scopes',
];

/** What stands in identity headers. */
export const headerValueRows: Row[] = [
  {
    id: 'G02',
    what: 'every spelling is taken off the requests of others, before a handler sees them',
    attack: async (stage) => {
      for (const name of spellings) {
        const token = await stage.token();
        const { body } = await stage.ask({ path: '/headers', token, lines: [`${name}: admin`, 'X-NMP-Trace: kept'] });
        expect((JSON.parse(body) as { names: string[] }).names).toEqual([
          'host',
          'authorization',
          'x-nmp-trace',
          'connection',
        ]);
      }
    },
    answer: accepted,
    neighbour: async (stage) => ({
      path: '/headers',
      token: await stage.token(),
      lines: ['X-Request-Id: 1'],
      told: { names: ['host', 'authorization', 'x-request-id', 'connection'] },
    }),
  },
  {
    id: 'G02',
    what: 'another spelling in a request of the gateway: somebody put it past the gateway',
    setting: fromHere,
    attack: () =>
      ['X_NMP_Principal_Id', 'X--NMP-Principal-Id', 'X.NMP.Principal.Id', 'X-NMP_Scopes', 'X-NMP-Principal_Groups'].map(
        (name) => lines(id, `${name}: admin`),
      ),
    answer: badRequest,
    neighbour: () => [
      { lines: [id], told },
      { lines: [id.toLowerCase()], told },
      { lines: [id.replace('X-NMP-PRINCIPAL', 'x-nmp-principal')], told },
    ],
  },
  {
    id: 'G02',
    what: 'a blank in or after the name',
    setting: fromHere,
    attack: () => [lines('X-NMP-Principal-Id : admin'), lines('X-NMP-Principal Id: admin')],
    answer: refusedByParser,
    neighbour: () => ({ lines: [id], told }),
  },
  {
    id: 'G03',
    what: 'a header twice, or a list where one value belongs',
    setting: fromHere,
    attack: () => [
      lines(id, id),
      lines(id, 'X-NMP-Principal-Id: admin'),
      lines(id, 'x-nmp-principal-id: gateway-user'),
      lines(id, email, email),
      lines(id, scopes, scopes),
      lines('X-NMP-Principal-Id: gateway-user,admin'),
      lines('X-NMP-Principal-Id: gateway-user, admin'),
      lines(id, `${email},admin@example.com`),
    ],
    answer: badRequest,
    neighbour: () => [
      { lines: [id, email], told: { ...told, email: 'user@example.com' } },
      { lines: [id, 'X-NMP-Principal-Groups: a,b'], told: { ...told, groups: ['a', 'b'] } },
    ],
  },
  {
    id: 'G04',
    what: "the gateway's headers beside a token: the token decides, good or bad",
    setting: fromHere,
    attack: async (stage) => ({ path: '/orders', lines: [id, scopes], token: await stage.token({ scope: 'openid' }) }),
    answer: insufficientScope,
    neighbour: async (stage) => [
      { lines: [id], token: await stage.token(), told: { id: 'user-1', email: 'user@example.com' } },
      { path: '/orders', lines: [id, scopes], told },
    ],
  },
  {
    id: 'G04',
    what: "the gateway's headers beside a bad token",
    setting: fromHere,
    attack: async (stage) => ({ lines: [id], token: await stage.token({ audience: 'other' }) }),
    answer: invalid('audience'),
    neighbour: () => ({ lines: [id], told }),
  },
  {
    id: 'G09',
    what: 'line ends, lists, two at-signs, other alphabets and reserved forms in a value',
    setting: fromHere,
    attack: () => [
      ...[
        'a%0D%0Ab',
        'a%00b',
        'a%7Fb',
        'a%C2%85b',
        'a b',
        'a"b',
        'a\\b',
        'a;b',
        'a,b',
        'a%',
        'a%zz',
        'a%FF',
        'é',
        'a\tb',
      ].map((value) => lines(`X-NMP-Principal-Id: ${value}`)),
      ...['*', 'service:api', 'SERVICE:api', 'group:admins', '%2A', 'service%3Aapi', 'x'.repeat(257)].map((value) =>
        lines(`X-NMP-Principal-Id: ${value}`),
      ),
      ...[
        'a@b@example.com',
        'a%40b@example.com',
        'example.com',
        '@example.com',
        'a@',
        'a@example.com%0D%0A',
        'a @b',
      ].map((value) => lines(id, `X-NMP-Principal-Email: ${value}`)),
      ...['a,b%0Ac', 'a,"b"', 'é', Array.from({ length: 101 }, () => 'g').join(','), 'x'.repeat(257)].map((value) =>
        lines(id, `X-NMP-Principal-Groups: ${value}`),
      ),
      lines(id, 'X-NMP-Principal-On-Behalf-Of: a b'),
      lines(id, 'X-NMP-Scopes: orders:read,b'),
    ],
    answer: badRequest,
    neighbour: () => [
      { lines: ['X-NMP-Principal-Id: J%C3%B6rg%2C+%20%25'], told: { id: 'Jörg,+ %' } },
      { lines: [id, 'X-NMP-Principal-Groups: a%2Cb, %C3%A9'], told: { groups: ['a,b', 'é'] } },
      { lines: [id, `X-NMP-Principal-Groups: ${Array.from({ length: 100 }, () => 'g').join(',')}`] },
    ],
  },
];
