import { expect } from '@jest/globals';
import { invalid, refusedAtBootstrap } from '../answers.js';
import type { Row } from '../prove.js';
import type { StageSetting } from '../stage.js';

const named = 'https://idp.example.com/realms/Acme';
const template = 'https://login.example.com/{tenantid}/v2.0';

const namedIssuer: Pick<Row, 'prepare'> = {
  prepare: (issuer) => ({ options: { oidc: { issuer: named, jwksUri: issuer.jwksUri } } }),
};

const twoTenants: Pick<Row, 'setting' | 'prepare'> = {
  setting: { issuer: { metadata: { issuer: template } } },
  prepare: (issuer): StageSetting => {
    const discoveryUrl = `${issuer.issuer}/.well-known/openid-configuration`;
    return { options: { oidc: { issuer: template, discoveryUrl, tenants: ['tenant-1', 'tenant-2'] } } };
  },
};

const tenant = (name: unknown): string => template.replace('{tenantid}', String(name));

/** Who issued a token, for whom, and about whom. */
export const partyRows: Row[] = [
  {
    id: 'C08',
    what: 'an issuer that is missing, another, or the trusted one in another spelling',
    ...namedIssuer,
    attack: (stage) =>
      [
        undefined,
        '',
        'https://other.example.com/realms/Acme',
        'https://idp.example.com/realms/acme',
        'https://IDP.example.com/realms/Acme',
        'HTTPS://idp.example.com/realms/Acme',
        `${named}/`,
        `${named}/extra`,
        `${named}?x=1`,
        `${named}#x`,
        `${named} `,
        ` ${named}`,
        `${named}\0`,
        'https://idp.example.com/realms',
        'https://idp.example.com/realms/./Acme',
        'https://idp.example.com/realms/%41cme',
        'https://idp.example.com:443/realms/Acme',
        'https://idp.example.com./realms/Acme',
        'https://user@idp.example.com/realms/Acme',
        'https://idp.example.com@evil.example/realms/Acme',
        'http://idp.example.com/realms/Acme',
        '//idp.example.com/realms/Acme',
        'https://xn--dp-lga.example.com/realms/Acme',
        'https://іdp.example.com/realms/Acme',
      ].map((iss) => stage.token({ claims: { iss } })),
    answer: invalid('issuer'),
    neighbour: (stage) => stage.token({ claims: { iss: named } }),
    silent: true,
  },
  {
    id: 'C09',
    what: 'an issuer that is no string',
    attack: (stage) =>
      [[stage.issuer.issuer], 1, null, true, {}, { issuer: stage.issuer.issuer }].map((iss) =>
        stage.token({ claims: { iss } }),
      ),
    answer: invalid('issuer'),
    silent: true,
  },
  {
    id: 'C10',
    what: 'an issuer that is not trusted, and could be asked: nobody asks it',
    attack: async (stage) => {
      const stranger = await stage.stranger();
      const own = await stranger.accessToken();
      const named = await stage.token({ claims: { iss: stranger.issuer } });
      for (const token of [own, named]) await stage.expect(token, invalid('issuer'));
      expect(stranger.requests).toEqual([]);
      const addresses = ['http://169.254.169.254/', 'file:///etc/passwd', 'http://localhost:1/', '__proto__'];
      return addresses.map((iss) => stage.token({ claims: { iss } }));
    },
    answer: invalid('issuer'),
    silent: true,
  },
  {
    id: 'C11',
    what: 'a tenant of a template in iss, another or none in tid',
    ...twoTenants,
    attack: (stage) =>
      ['tenant-2', undefined, '', 'TENANT-1', 'tenant-1/', ['tenant-1'], 1].map((tid) =>
        stage.token({ claims: { iss: tenant('tenant-1'), tid } }),
      ),
    answer: invalid('claims'),
    neighbour: (stage) => ['tenant-1', 'tenant-2'].map((tid) => stage.token({ claims: { iss: tenant(tid), tid } })),
  },
  {
    id: 'C11',
    what: 'an unlisted tenant, several, a path in its place, or the template itself',
    ...twoTenants,
    attack: (stage) =>
      ['tenant-3', 'common', 'organizations', 'tenant-1/tenant-2', '../tenant-1', '', '{tenantid}', 'TENANT-1'].map(
        (tid) => stage.token({ claims: { iss: tenant(tid), tid } }),
      ),
    answer: invalid('issuer'),
    neighbour: (stage) => stage.token({ claims: { iss: tenant('tenant-1'), tid: 'tenant-1' } }),
    silent: true,
  },
  {
    id: 'C12',
    what: 'an audience that is missing, empty, another, or not quite ours',
    attack: (stage) =>
      [
        undefined,
        null,
        '',
        [],
        ['other'],
        'other',
        'nmp-cli-2',
        'nmp',
        'NMP-CLI',
        'nmp-cli ',
        'nmp-cli other',
        'nmp-cli,other',
        [['nmp-cli']],
        [{ aud: 'nmp-cli' }],
        { 'nmp-cli': true },
        1,
        true,
      ].map((aud) => stage.token({ claims: { aud } })),
    answer: invalid('audience'),
    neighbour: (stage) =>
      ['nmp-cli', ['nmp-cli'], ['other', 'nmp-cli'], [1, 'nmp-cli']].map((aud) => stage.token({ claims: { aud } })),
  },
  {
    id: 'C12',
    what: 'a token for nobody or for the provider only, of another client than ours',
    setting: { options: { oidc: { acceptAuthorizedParty: true } } },
    attack: (stage) => [
      stage.token({ claims: { aud: undefined, client_id: 'other' } }),
      stage.token({ claims: { aud: 'account', client_id: undefined, azp: 'other' } }),
      stage.token({ claims: { aud: 'account', client_id: undefined } }),
      stage.token({ claims: { aud: ['account', 'other'] } }),
    ],
    answer: invalid('audience'),
    neighbour: (stage) => [
      stage.token({ claims: { aud: undefined } }),
      stage.token({ claims: { aud: 'account', client_id: undefined, azp: 'nmp-cli' } }),
    ],
  },
  {
    id: 'C13',
    what: 'an audience by pattern is not offered: refused at bootstrap',
    setting: { options: { oidc: { audience: ['nmp-cli', '^nmp-.*$'] } } },
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      for (const audience of [/^nmp/g, [/^nmp/], ['nmp-cli', /x/], () => true, {}, [], '', ['']]) {
        await stage.expectNoStart({ oidc: { ...oidc, audience } }, /oidc\.audience must/);
      }
      await stage.expect(await stage.token({ audience: 'nmp-other' }), invalid('audience'));
    },
    answer: refusedAtBootstrap,
    neighbour: (stage) => stage.token({ audience: '^nmp-.*$' }),
  },
  {
    id: 'C14',
    what: 'a client that is not among the authorized parties, or none',
    setting: { options: { oidc: { authorizedParties: ['nmp-cli', 'nmp-web'] } } },
    attack: (stage) => [
      stage.token({ claims: { client_id: 'other' } }),
      stage.token({ claims: { client_id: undefined } }),
      stage.token({ claims: { client_id: 'NMP-CLI' } }),
      stage.token({ claims: { client_id: ['nmp-cli'] } }),
      stage.token({ claims: { azp: 'other', client_id: 'nmp-cli' } }),
    ],
    answer: invalid('claims'),
    neighbour: (stage) => [
      stage.token(),
      stage.token({ claims: { azp: 'nmp-web', client_id: undefined } }),
      stage.token({ claims: { azp: 'nmp-web', client_id: 'other' } }),
    ],
  },
  {
    id: 'C15',
    what: 'no subject, client or token id under the profile of RFC 9068',
    setting: { options: { profile: 'rfc9068' } },
    attack: (stage) =>
      ['sub', 'client_id', 'jti'].flatMap((name) =>
        [undefined, '', null, 1].map((value) => stage.token({ claims: { [name]: value } })),
      ),
    answer: invalid('claims'),
  },
  {
    id: 'C15',
    what: 'a subject of a reserved form; a client with a token of its own is a client, never a service',
    attack: (stage) =>
      ['*', ' * ', 'service:api', 'SERVICE:api', ' service:api', 'group:admins', '', ' ', 1, undefined].map((sub) =>
        stage.token({ claims: { sub } }),
      ),
    answer: invalid('claims'),
    neighbour: async (stage) => [
      { token: await stage.token({ subject: 'nmp-cli' }), told: { kind: 'client', id: 'nmp-cli' } },
      { token: await stage.token({ subject: 'services' }), told: { kind: 'user', id: 'services' } },
    ],
  },
];
