import { SigningKey, type TestIssuer } from '@nmp/auth/testing';
import { invalid, refusedAtBootstrap } from '../answers.js';
import type { Row } from '../prove.js';
import type { StageSetting } from '../stage.js';

/** The application trusts what the gateway's issuer signs for it, and nothing else. */
const signedByGateway = ({ issuer }: TestIssuer): StageSetting => ({
  options: { oidc: { enabled: false }, hop: { issuer, audience: 'orders' } },
});

const good: Row['neighbour'] = (stage) => stage.issuer.hopToken();

const row = (id: string, what: string, attack: Row['attack'], answer: Row['answer']): Row => ({
  id,
  what,
  setting: { issuer: { audience: 'orders' } },
  prepare: signedByGateway,
  attack,
  answer,
  neighbour: good,
});

/** Identities that a gateway signs instead of writing them into headers. */
export const assertionRows: Row[] = [
  row(
    'G06',
    'an assertion for another service, for several, or for nobody',
    ({ issuer }) => [
      issuer.hopToken({ audience: 'models' }),
      issuer.hopToken({ audience: ['orders', 'models'] }),
      issuer.hopToken({ claims: { aud: undefined } }),
    ],
    invalid('audience'),
  ),
  row('G06', 'an old assertion', ({ issuer }) => issuer.hopToken({ expiresInSeconds: -60 }), invalid('expired')),
  row(
    'G06',
    "an assertion by another key, under the gateway's key id",
    async ({ issuer }) => {
      const key = (await SigningKey.generate('ES256')).renamed(issuer.signingKey.kid);
      return issuer.hopToken({ key });
    },
    invalid('signature'),
  ),
  row(
    'G06',
    'an assertion of another algorithm, or of none',
    ({ issuer }) => ['none', 'HS256', 'RS512'].map((alg) => issuer.hopToken({ header: { alg } })),
    invalid('algorithm'),
  ),
  row(
    'G07',
    'the first assertion is that of another issuer, for this service',
    async (stage) => {
      const stranger = await stage.stranger();
      return stranger.hopToken({ audience: 'orders' });
    },
    invalid('type'),
  ),
  {
    id: 'G07',
    what: 'assertions are switched on without saying whose, or for whom',
    attack: async (stage) => {
      const { issuer } = stage.issuer;
      const oidc = { enabled: false };
      await stage.expectNoStart({ oidc, hop: { audience: 'orders' } }, /hop\.issuer must be/);
      await stage.expectNoStart({ oidc, hop: { issuer } }, /hop\.audience must be/);
      await stage.expectNoStart({ oidc, hop: { issuer, audience: '' } }, /hop\.audience must be/);
    },
    answer: refusedAtBootstrap,
  },
];
