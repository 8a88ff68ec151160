import { MemoryReplayStore } from '@nmp/auth';
import { expect } from '@jest/globals';
import { accepted, type Answer, invalid, noCredentials, unavailable } from '../answers.js';
import { badProof, BoundClient, invalidBound, withDpop } from '../bound-client.js';
import type { Row } from '../prove.js';
import type { Asked, Stage, StageSetting } from '../stage.js';

const good = async (stage: Stage): Promise<Asked> => (await BoundClient.of(stage)).asked();

/** 401 `use_dpop_nonce`. */
const nonceWanted: Answer = { status: 401, code: 'dpop_nonce', challenge: /^DPoP realm="nmp", error="use_dpop_nonce"/ };

const secret = 'a secret of 32 characters or more';
const withNonces: StageSetting = { options: { dpop: { nonce: { secret, lifeSeconds: 100 } } } };

/** The nonce that the application asks for. */
async function nonceOf(stage: Stage, client: BoundClient): Promise<string> {
  const { headers } = await stage.ask(client.asked());
  return headers.find(([name]) => name === 'dpop-nonce')?.[1] ?? '';
}

const asBearer = (client: BoundClient, proofs: readonly string[]): Asked => ({
  lines: [`Authorization: Bearer ${client.token}`, ...proofs.map((text) => `DPoP: ${text}`)],
});

/** What is wrong with how a token that is bound to a key is used. */
export const boundTokenRows: Row[] = [
  {
    id: 'P01',
    what: 'a bound token as a plain bearer token, also when it is remembered, also beside a good proof',
    setting: withDpop,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const plain = [
        asBearer(client, []),
        asBearer(client, [client.proof()]),
        { lines: [`authorization: bearer ${client.token}`] },
      ];
      for (const attempt of plain) await stage.expect(attempt, { ...invalid('claims') });
      await stage.expect(client.asked(), accepted);
      await stage.expect(client.asked(), accepted);
      return [...plain, { lines: [`Authorization: Bearer ${client.token}`], path: '/optional' }];
    },
    answer: invalid('claims'),
  },
  {
    id: 'P10',
    what: 'the same proof twice',
    setting: withDpop,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const used = client.asked({ claims: { jti: 'once' } });
      await stage.expect(used, accepted);
      const again = client.asked({ claims: { jti: 'once', iat: stage.now - 1 } });
      return [used, again];
    },
    answer: badProof,
    neighbour: async (stage) => {
      const client = await BoundClient.of(stage);
      return [client.asked(), client.asked()];
    },
  },
  {
    id: 'P10',
    what: 'until the end of its time, and no longer in memory',
    setting: withDpop,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const used = client.asked({ claims: { jti: 'once', iat: stage.now + 30 } });
      await stage.expect(used, accepted);
      stage.clock.advance(90);
      return used;
    },
    answer: badProof,
    neighbour: good,
    apart: true,
  },
  {
    id: 'P10',
    what: 'at another node with the same store',
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const used = client.asked();
      const replayStore = new MemoryReplayStore(() => stage.now);
      for (const answer of [accepted, badProof]) {
        await stage.open({ options: { dpop: { replayStore } } });
        await stage.expect(used, answer);
      }
      return used;
    },
    answer: badProof,
  },
  {
    id: 'P11',
    what: 'the jti of another client is no replay',
    setting: withDpop,
    attack: async (stage) => {
      const [one, other] = await Promise.all([BoundClient.of(stage), BoundClient.of(stage)]);
      return [one.asked({ claims: { jti: 'same' } }), other.asked({ claims: { jti: 'same' } })];
    },
    answer: accepted,
    neighbour: good,
  },
  {
    id: 'P12',
    what: 'a very long jti, twice',
    setting: withDpop,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const used = client.asked({ claims: { jti: 'x'.repeat(5_000) } });
      await stage.expect(used, accepted);
      return used;
    },
    answer: badProof,
    neighbour: good,
  },
  {
    id: 'P12',
    what: 'proofs that are no good use no memory up',
    prepare: (_issuer, stage) => ({
      options: { dpop: { replayStore: new MemoryReplayStore(() => stage.now, { max: 2 }) } },
    }),
    attack: async (stage) => {
      const [client, stranger] = await Promise.all([BoundClient.of(stage), BoundClient.of(stage)]);
      const unsigned = Array.from({ length: 20 }, () => {
        const [head, claims] = client.proof().split('.');
        const [, , signature] = stranger.proof().split('.');
        return client.askedWith([`${head}.${claims}.${signature}`]);
      });
      for (const attempt of unsigned) await stage.expect(attempt, badProof);
      await stage.expect(client.asked(), accepted);
      return unsigned;
    },
    answer: badProof,
    neighbour: good,
    apart: true,
  },
  {
    id: 'P12',
    what: 'more proofs than there is room for: refused, and none is forgotten',
    prepare: (_issuer, stage) => {
      const replayStore = new MemoryReplayStore(() => stage.now, { max: 3, maxPerKey: 2 });
      return { options: { dpop: { replayStore } } };
    },
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const used = client.asked();
      await stage.expect(used, accepted);
      await stage.expect(client.asked(), accepted);
      await stage.expect(client.asked(), unavailable);
      await stage.expect(used, badProof);
      await stage.expect(await good(stage), accepted);
      await stage.expect(await good(stage), unavailable);
      stage.clock.advance(62);
      await stage.expect(client.asked(), accepted);
    },
    answer: unavailable,
    neighbour: good,
    apart: true,
  },
  {
    id: 'P13',
    what: 'no nonce, an old one, or one of somebody else',
    setting: withNonces,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const old = await nonceOf(stage, client);
      stage.clock.advance(200);
      const wanted = await nonceOf(stage, client);
      expect([wanted, wanted === old]).toEqual([expect.stringMatching(/^[\w-]{43}$/), false]);
      const odd = [undefined, '', old, wanted.slice(1), `${wanted.slice(0, -1)}!`, 'x'.repeat(43)];
      return odd.map((nonce) => client.asked({ claims: { nonce } }));
    },
    answer: nonceWanted,
    neighbour: async (stage) => {
      const client = await BoundClient.of(stage);
      const nonce = await nonceOf(stage, client);
      return [client.asked({ nonce }), client.asked({ nonce })];
    },
    apart: true,
  },
  {
    id: 'P13',
    what: 'an aging nonce is good, and the answer has the next one',
    setting: withNonces,
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      const nonce = await nonceOf(stage, client);
      const fresh = await stage.ask(client.asked({ nonce }));
      expect([fresh.status, Object.fromEntries(fresh.headers)['dpop-nonce']]).toEqual([200, undefined]);
      stage.clock.advance(100);
      const { status, headers } = await stage.ask(client.asked({ nonce }));
      const next = Object.fromEntries(headers)['dpop-nonce'] ?? '';
      expect(status).toBe(200);
      return client.asked({ nonce: next });
    },
    answer: accepted,
    neighbour: async (stage) => stage.token(),
  },
  {
    id: 'P14',
    what: 'a bound token, where proofs are not verified',
    attack: async (stage) => {
      const client = await BoundClient.of(stage);
      return [asBearer(client, []), asBearer(client, [client.proof()])];
    },
    answer: invalid('claims'),
  },
  {
    id: 'P14',
    what: 'the DPoP scheme, where proofs are not verified',
    attack: good,
    answer: noCredentials,
  },
  {
    id: 'P14',
    what: 'a token that is bound in a way that nobody knows here',
    setting: withDpop,
    attack: async (stage) => {
      const { key } = await BoundClient.of(stage);
      const odd = [
        { kid: 'key-1' },
        { jwk: key.jwk },
        { jkt: key.thumbprint, kid: 'key-1' },
        {},
        'x',
        null,
        { jkt: 'x' },
      ];
      return Promise.all(odd.map(async (cnf) => ({ token: await stage.token({ claims: { cnf } }) })));
    },
    answer: invalid('claims'),
    neighbour: good,
  },
  {
    id: 'P14',
    what: 'a token that is bound to a certificate, where those are not looked at',
    setting: withDpop,
    attack: async (stage) => (await BoundClient.of(stage, {}, { 'x5t#S256': 'A'.repeat(43) })).asked(),
    answer: invalidBound,
    neighbour: good,
  },
  {
    id: 'P15',
    what: 'a plain token under the DPoP scheme, with a good proof for it',
    setting: withDpop,
    attack: async (stage) => {
      const client = await BoundClient.of(stage, { claims: { cnf: undefined } });
      await stage.expect({ token: client.token }, accepted);
      return [client.asked(), client.askedWith([])];
    },
    answer: invalidBound,
    neighbour: good,
  },
  {
    id: 'P15',
    what: 'a plain token, where all must be bound',
    setting: { options: { dpop: { required: true } } },
    attack: (stage) => stage.token(),
    answer: { ...invalidBound, challenge: /^DPoP realm="nmp", error="invalid_token"/ },
    neighbour: good,
  },
];
