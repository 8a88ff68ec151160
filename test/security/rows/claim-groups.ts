import { expect } from '@jest/globals';
import type { ClaimSetting } from '@nmp/auth';
import { accepted } from '../answers.js';
import { goodClaims, signParts } from '../forgeries.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';

const namespaced = 'https://example.com/roles';

/** A request whose principal must have these groups, and whose token these claims. */
async function telling(stage: Stage, groups: string[], claims: Record<string, unknown>): Promise<Asked> {
  return { token: await stage.token({ claims: { groups: undefined, ...claims } }), told: { groups } };
}

const groupsFrom = (groupsClaim: ClaimSetting): Pick<Row, 'setting'> => ({
  setting: { options: { oidc: { groupsClaim } } },
});

/** Where groups are read from. The token is good: what counts is what it does not give. */
export const groupRows: Row[] = [
  ...[
    '__proto__.name',
    'constructor.name',
    'roles.0',
    'roles.length',
    'missing.parent.roles',
    'toString',
    'email.length',
  ].map((path): Row => ({
    id: 'C20',
    what: `a path of groups that leads through ${path}`,
    ...groupsFrom(path),
    attack: (stage) => [
      telling(stage, [], { roles: ['admin'], email: 'a@example.com' }),
      telling(stage, [], { roles: null, missing: 'text' }),
      telling(stage, [], { missing: { parent: [{ roles: ['admin'] }] } }),
    ],
    answer: accepted,
  })),
  {
    id: 'C20',
    what: 'values that are no list: none of them gives a group, but the keys of an object (as Zitadel has its roles)',
    ...groupsFrom('realm_access.roles'),
    attack: (stage) => [
      ...[42, true, null, '', [], [1, null, {}, ['admin']], {}].map((roles) =>
        telling(stage, [], { realm_access: { roles } }),
      ),
      telling(stage, [], { realm_access: 'roles', 'realm_access.roles': null }),
      telling(stage, [], { realm_access: [['roles', 'admin']] }),
    ],
    answer: accepted,
    neighbour: (stage) => [
      telling(stage, ['a', 'b'], { realm_access: { roles: ['a', 'b'] } }),
      telling(stage, ['a'], { realm_access: { roles: { a: { id: 1 } } } }),
      telling(stage, ['a', 'b'], { realm_access: { roles: 'a, b' } }),
    ],
  },
  {
    id: 'C20',
    what: 'claims that bear names of prototypes',
    ...groupsFrom('realm.roles'),
    attack: async (stage) => {
      const { signingKey } = stage.issuer;
      const { groups: _groups, ...claims } = await goodClaims(stage);
      const text = `${JSON.stringify(claims).slice(0, -1)},"__proto__":{"realm":{"roles":["admin"]},"groups":["admin"]},"constructor":{"prototype":{"groups":["admin"]}}}`;
      const token = signParts({ alg: 'ES256', kid: signingKey.kid }, text, signingKey);
      await stage.expect({ token, told: { groups: [] } }, accepted);
      expect(({} as { groups?: unknown }).groups).toBeUndefined();
    },
    answer: accepted,
    neighbour: (stage) => telling(stage, ['a'], { realm: { roles: ['a'] } }),
  },
  {
    id: 'C21',
    what: 'a name with dots and slashes in quotes is one name, and no path into something built like it',
    ...groupsFrom(`"${namespaced}"`),
    attack: (stage) => telling(stage, [], { 'https://example': { 'com/roles': ['admin'] } }),
    answer: accepted,
    neighbour: (stage) => telling(stage, ['a'], { [namespaced]: ['a'] }),
  },
  {
    id: 'C21',
    what: 'a quoted name within a path, and an unquoted one that the token has',
    ...groupsFrom([`"https://example.com/app".roles`, namespaced]),
    attack: (stage) => telling(stage, [], { 'https://example': { 'com/app': { roles: ['admin'] } } }),
    answer: accepted,
    neighbour: (stage) => [
      telling(stage, ['a'], { 'https://example.com/app': { roles: ['a'] } }),
      telling(stage, ['b'], { [namespaced]: ['b'] }),
    ],
  },
  {
    id: 'C22',
    what: 'groups that were left out because there are too many: the principal says so, and the log once',
    attack: async (stage) => {
      const told = { groups: [], groupsOverage: true };
      const marks: Record<string, unknown>[] = [
        { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example.com' } } },
        { hasgroups: true },
        { hasgroups: 'true' },
        { groups: 'src1', _claim_sources: { src1: { endpoint: 'https://graph.example.com' } } },
      ];
      for (const claims of marks) {
        const token = await stage.token({ claims: { groups: undefined, ...claims } });
        await stage.expect({ token, told }, accepted);
      }
      expect(stage.lines.filter((line) => line.includes('leave groups out'))).toHaveLength(1);
    },
    answer: accepted,
    neighbour: async (stage) => [
      { token: await stage.token({ groups: ['a'] }), told: { groups: ['a'], groupsOverage: false } },
      { token: await stage.token({ groups: [] }), told: { groups: [], groupsOverage: false } },
    ],
  },
  {
    id: 'C23',
    what: 'an address where more claims are to be had is never asked',
    attack: async (stage) => {
      const stranger = await stage.stranger();
      const source = { endpoint: `${stranger.origin}/groups`, access_token: 'secret' };
      const claims = { _claim_names: { groups: 'src1', email: 'src1' }, _claim_sources: { src1: source } };
      const told = { groups: [], groupsOverage: true };
      await stage.expect({ token: await stage.token({ claims: { ...claims, groups: undefined } }), told }, accepted);
      expect(stranger.requests).toEqual([]);
    },
    answer: accepted,
    neighbour: (stage) => telling(stage, ['a'], { groups: ['a'], _claim_sources: {} }),
    silent: true,
  },
];
