import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { SigningKey } from '@nmp/auth/testing';
import { accepted, invalid, unavailable } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

const second = await SigningKey.generate('ES256', 'second');
const noCache = { options: { cache: false } } as const;
const hour = { expiresInSeconds: 200_000 };

/** The statuses of many requests at once, without repetitions. */
async function statuses(stage: Stage, tokens: Promise<string>[]): Promise<number[]> {
  const answers = await Promise.all(tokens.map(async (token) => (await stage.ask(await token)).status));
  return [...new Set(answers)];
}

const invented = (stage: Stage, count: number): Promise<string>[] =>
  Array.from({ length: count }, () => stage.token({ header: { kid: randomUUID() } }));

/** Waits for what happens in the background. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** When keys are fetched, and how often. */
export const keyRefreshRows: Row[] = [
  {
    id: 'D01',
    what: 'a thousand invented key ids cost one fetch in a cool-down, and good tokens go on',
    setting: noCache,
    apart: true,
    attack: async (stage) => {
      const { issuer } = stage;
      await stage.expect(await stage.token(), accepted);
      const atStart = issuer.requests.length;
      for (let round = 0; round < 10; round++) {
        expect(await statuses(stage, invented(stage, 100))).toEqual([401]);
        await stage.expect(await stage.token(), accepted);
      }
      expect(issuer.requests).toHaveLength(atStart);
      stage.clock.advance(30);
      expect(await statuses(stage, [...invented(stage, 100)])).toEqual([401]);
      await stage.expect(await stage.token(), accepted);
      expect(issuer.requests).toHaveLength(atStart + 1);
      return invented(stage, 1);
    },
    answer: invalid('key'),
  },
  {
    id: 'D02',
    what: 'invented key ids while the issuer fails: nothing is known of them, and held keys stay',
    setting: noCache,
    apart: true,
    attack: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.issuer.fail({ status: 500 });
      stage.clock.advance(30);
      const before = stage.issuer.requests.length;
      expect(await statuses(stage, invented(stage, 100))).toEqual([503]);
      await stage.expect(await stage.token(), accepted);
      expect(stage.issuer.requests).toHaveLength(before + 1);
      return invented(stage, 3);
    },
    answer: unavailable,
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.issuer.fail({ status: 200, body: '{"keys":[]}' });
      stage.clock.advance(30);
      await stage.expect(await stage.token({ header: { kid: 'invented' } }), unavailable);
      return stage.token();
    },
  },
  {
    id: 'D03',
    what: 'a new key right after a fetch: unknown until the cool-down ends, 30 seconds at the most',
    apart: true,
    attack: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      await stage.issuer.rotateKeys();
      await stage.expect(await stage.token(), invalid('key'));
      stage.clock.advance(29);
      return stage.token();
    },
    answer: invalid('key'),
    neighbour: async (stage) => {
      const old = await stage.token();
      await stage.expect(old, accepted);
      await stage.issuer.rotateKeys();
      stage.clock.advance(30);
      return [stage.token(), old];
    },
  },
  {
    id: 'D04',
    what: 'a hundred requests at once with nothing held: one fetch',
    setting: noCache,
    apart: true,
    attack: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      stage.clock.advance(600 + 86_400);
      const before = stage.issuer.jwksFetches;
      expect(
        await statuses(
          stage,
          Array.from({ length: 100 }, () => stage.token()),
        ),
      ).toEqual([200]);
      expect(stage.issuer.jwksFetches).toBe(before + 1);
    },
    answer: accepted,
  },
  {
    id: 'D10',
    what: 'keys held for longer than they may serve through an outage, remembered verdicts included',
    setting: { options: { cache: { ttlSeconds: 200_000 } } },
    apart: true,
    attack: async (stage) => {
      const token = await stage.token(hour);
      await stage.expect(token, accepted);
      stage.issuer.fail('refuse');
      stage.clock.advance(600 + 86_400);
      return [token, stage.token()];
    },
    answer: unavailable,
    neighbour: async (stage) => {
      const token = await stage.token(hour);
      await stage.expect(token, accepted);
      stage.issuer.fail('refuse');
      stage.clock.advance(600 + 86_399);
      return [token, stage.token()];
    },
  },
  {
    id: 'D11',
    what: 'an issuer that is down at start: the application starts, says 503, and asks again later, not at once',
    apart: true,
    prepare: (issuer) => issuer.fail('refuse'),
    attack: async (stage) => {
      await stage.expect(await stage.token(), unavailable);
      const attempts = stage.issuer.requests.length;
      expect(
        await statuses(
          stage,
          Array.from({ length: 20 }, () => stage.token()),
        ),
      ).toEqual([503]);
      stage.issuer.recover();
      await stage.expect(await stage.token(), unavailable);
      expect(stage.issuer.requests).toHaveLength(attempts);
      const { headers } = await stage.ask(await stage.token());
      expect(headers.filter(([name]) => name === 'retry-after')).toEqual([['retry-after', '1']]);
    },
    answer: unavailable,
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), unavailable);
      stage.issuer.recover();
      stage.clock.advance(1);
      return stage.token();
    },
  },
  {
    id: 'D17',
    what: 'a life of keys of a week is cut to ten minutes: a removed key falls after them',
    apart: true,
    prepare: (issuer) => {
      issuer.jwksCacheControl = 'public, max-age=604800, immutable';
    },
    attack: async (stage) => {
      const token = await stage.token(hour);
      await stage.expect(token, accepted);
      stage.issuer.publish([second.jwk]);
      stage.clock.advance(601);
      const before = stage.issuer.jwksFetches;
      await stage.expect(token, accepted); // the held key serves while it is fetched anew
      await until(() => stage.issuer.jwksFetches > before);
      await stage.expect(await stage.token({ key: second }), accepted);
      return token;
    },
    answer: invalid('key'),
  },
  ...['no-store', 'max-age=0', 'no-cache, max-age=1', 'max-age=-5', 'max-age=x'].map((cacheControl): Row => ({
    id: 'D17',
    what: `keys live a minute at the least, also with ${cacheControl}`,
    setting: noCache,
    prepare: (issuer) => {
      issuer.jwksCacheControl = cacheControl;
    },
    attack: async (stage) => {
      for (let at = 0; at < 5; at++) {
        await stage.expect(await stage.token(), accepted);
        stage.clock.advance(9);
      }
    },
    answer: accepted,
    silent: true,
  })),
];
