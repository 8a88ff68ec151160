import { type Answer, accepted } from '../answers.js';
import { BoundClient, withDpop } from '../bound-client.js';
import type { Row } from '../prove.js';
import type { Attempt, StageSetting } from '../stage.js';

const metadata = 'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"';
const algs = 'algs="ES256 ES384 PS256 RS256"';
const offered = `DPoP realm="nmp", ${algs}, ${metadata}`;
const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.?()]/g, String.raw`\$&`)}$`);
const refused = (status: number, code: string, challenge: RegExp): Answer => ({ status, code, challenge });
const required: StageSetting = { options: { dpop: { required: true, algorithms: ['ES256'] } } };

/** W05: tokens may come under two schemes. */
export const schemeRows: Row[] = [
  {
    id: 'W05',
    what: 'both schemes have a challenge, with the algorithms of proofs',
    setting: withDpop,
    attack: async (stage) => {
      const bad = 'realm="nmp", error="invalid_token", error_description="[^"]+"';
      const answers: [Attempt, Answer][] = [
        [{}, refused(401, 'missing_token', exactly(`Bearer realm="nmp", ${metadata}, ${offered}`))],
        ['garbage', refused(401, 'token_malformed', exactly(`Bearer ${bad}, ${metadata}, ${offered}`))],
        [
          { lines: ['Authorization: DPoP garbage'] },
          refused(401, 'token_malformed', exactly(`DPoP ${bad}, ${algs}, ${metadata}`)),
        ],
      ];
      for (const [attempt, answer] of answers) await stage.expect(attempt, answer);
    },
    answer: accepted,
  },
  {
    id: 'W05',
    what: 'what another scheme would not mend has the challenge of the scheme that was used',
    setting: withDpop,
    attack: async (stage) => {
      const path = '/orders';
      const url = 'https://api.example.com/notes/orders';
      const client = await BoundClient.of(stage, { scope: 'openid' });
      const scope = 'error="insufficient_scope".* scope="orders:read"';
      const ofBearer = refused(403, 'insufficient_scope', new RegExp(`^Bearer realm="nmp", ${scope}(?!.*DPoP)`));
      const ofDpop = refused(403, 'insufficient_scope', new RegExp(`^DPoP realm="nmp", ${scope}(?!.*Bearer)`));
      await stage.expect({ path, token: await stage.token({ scope: 'openid' }) }, ofBearer);
      await stage.expect(client.asked({ url }, { path }), ofDpop);
    },
    answer: accepted,
  },
  {
    id: 'W05',
    what: 'one scheme is offered where all tokens must be bound',
    setting: required,
    attack: () => ({}),
    answer: refused(401, 'missing_token', exactly(`DPoP realm="nmp", algs="ES256", ${metadata}`)),
    neighbour: async (stage) => (await BoundClient.of(stage)).asked(),
  },
];
