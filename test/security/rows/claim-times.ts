import { accepted, invalid, refusedAtBootstrap } from '../answers.js';
import { goodClaims, signParts } from '../forgeries.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

/** A token with a claim that is written as this text, which JSON.stringify would not write. */
async function withText(stage: Stage, name: string, text: string): Promise<string> {
  const { [name]: _replaced, ...claims } = await goodClaims(stage);
  const { signingKey } = stage.issuer;
  const written = `${JSON.stringify(claims).slice(0, -1)},"${name}":${text}}`;
  return signParts({ alg: 'ES256', kid: signingKey.kid }, written, signingKey);
}

const noNumbers: unknown[] = ['1893456300', 'NaN', '', null, true, {}, [1_893_456_300]];

/** When a token is valid. The clock may differ by 30 seconds. */
export const timeRows: Row[] = [
  {
    id: 'C01',
    what: 'expired longer ago than clocks may differ; the last moment no longer counts',
    attack: (stage) => [-30, -31, -86_400].map((seconds) => stage.token({ expiresInSeconds: seconds })),
    answer: invalid('expired'),
    neighbour: (stage) => [-29, -1, 0, 1].map((seconds) => stage.token({ expiresInSeconds: seconds })),
  },
  {
    id: 'C02',
    what: 'no expiry',
    attack: (stage) => stage.token({ claims: { exp: undefined } }),
    answer: invalid('claims'),
  },
  {
    id: 'C03',
    what: 'an expiry that is no finite number',
    attack: (stage) => [
      ...noNumbers.map((exp) => stage.token({ claims: { exp } })),
      withText(stage, 'exp', '1e400'),
      withText(stage, 'exp', '-1e400'),
    ],
    answer: invalid('claims'),
    neighbour: (stage) => [
      stage.token({ claims: { exp: stage.now + 10.5 } }),
      withText(stage, 'exp', '1e300'),
      withText(stage, 'exp', '1.9e9'),
    ],
  },
  {
    id: 'C03',
    what: 'a finite expiry long past, below zero too, is an expiry like any other',
    attack: (stage) => [-1, 0, 0.5, stage.now - 30.5].map((exp) => stage.token({ claims: { exp } })),
    answer: invalid('expired'),
  },
  {
    id: 'C04',
    what: 'not valid before a time further ahead than clocks may differ',
    attack: (stage) => [31, 86_400].map((seconds) => stage.token({ claims: { nbf: stage.now + seconds } })),
    answer: invalid('not_yet_valid'),
    neighbour: (stage) => [30, 0, -86_400].map((seconds) => stage.token({ claims: { nbf: stage.now + seconds } })),
  },
  {
    id: 'C04',
    what: 'a start that is no finite number',
    attack: (stage) => [...noNumbers.map((nbf) => stage.token({ claims: { nbf } })), withText(stage, 'nbf', '-1e400')],
    answer: invalid('claims'),
  },
  {
    id: 'C05',
    what: 'issued further in the future than clocks may differ',
    attack: (stage) => [31, 86_400].map((seconds) => stage.token({ claims: { iat: stage.now + seconds } })),
    answer: invalid('not_yet_valid'),
    neighbour: (stage) => [30, 0].map((seconds) => stage.token({ claims: { iat: stage.now + seconds } })),
  },
  {
    id: 'C05',
    what: 'no time of issue, or one that is no finite number',
    attack: (stage) => [
      ...[undefined, ...noNumbers].map((iat) => stage.token({ claims: { iat } })),
      withText(stage, 'iat', '-1e400'),
    ],
    answer: invalid('claims'),
  },
  {
    id: 'C06',
    what: 'older than accepted, counted from its issue, whatever its expiry says',
    setting: { options: { maxTokenAgeSeconds: 600 } },
    attack: (stage) => [630, 631, 86_400].map((age) => stage.token({ claims: { iat: stage.now - age } })),
    answer: invalid('expired'),
    neighbour: (stage) => [
      ...[629, 600, 0].map((age) => stage.token({ claims: { iat: stage.now - age } })),
      stage.token({ expiresInSeconds: 86_400 }),
    ],
  },
  {
    id: 'C06',
    what: 'a remembered token grows too old as well',
    setting: { options: { maxTokenAgeSeconds: 600 } },
    apart: true,
    attack: async (stage) => {
      const token = await stage.token({ expiresInSeconds: 3600, claims: { iat: stage.now - 599 } });
      await stage.expect(token, accepted);
      stage.clock.advance(31);
      return token;
    },
    answer: invalid('expired'),
    neighbour: async (stage) => {
      const token = await stage.token({ expiresInSeconds: 3600, claims: { iat: stage.now - 500 } });
      await stage.expect(token, accepted);
      stage.clock.advance(31);
      return token;
    },
  },
  {
    id: 'C07',
    what: 'a tolerance that is negative, no number, without end or too great: refused at bootstrap',
    setting: { options: { clockToleranceSeconds: 300 } },
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      for (const clockToleranceSeconds of [-1, NaN, Infinity, -Infinity, '30', 0.5, 301, null, [30], true]) {
        await stage.expectNoStart({ oidc, clockToleranceSeconds }, /clockToleranceSeconds must/);
      }
      for (const maxTokenAgeSeconds of [0, -1, NaN, Infinity, '600']) {
        await stage.expectNoStart({ oidc, maxTokenAgeSeconds }, /maxTokenAgeSeconds must/);
      }
    },
    answer: refusedAtBootstrap,
    neighbour: (stage) => stage.token({ expiresInSeconds: -299 }),
  },
];
