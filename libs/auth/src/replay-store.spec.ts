import { describe, expect, it } from '@jest/globals';
import { MemoryReplayStore, type MemoryReplayStoreBounds, RedisReplayStore } from './replay-store.js';

describe('MemoryReplayStore', () => {
  function start(bounds?: MemoryReplayStoreBounds) {
    let now = 0;
    const store = new MemoryReplayStore(() => now, bounds);
    const use = (thumbprint: string, id: string, keepSeconds = 60): boolean =>
      store.remember({ thumbprint, id, keepSeconds });
    return { use, advance: (seconds: number) => (now += seconds) };
  }

  it('knows a proof until it is too old to be used', () => {
    const { use, advance } = start();
    expect(use('key', 'proof')).toBe(true);
    expect(use('key', 'proof')).toBe(false);
    advance(59);
    expect(use('key', 'proof')).toBe(false);
    advance(1);
    expect(use('key', 'proof')).toBe(true);
  });

  it('tells the proofs of keys apart', () => {
    const { use } = start();
    expect([use('one', 'proof'), use('other', 'proof'), use('one', 'proof')]).toEqual([true, true, false]);
  });

  it('refuses rather than forgets: what one key may use up, others do not miss', () => {
    const { use } = start({ max: 10, maxPerKey: 3 });
    for (const id of ['1', '2', '3']) expect(use('busy', id)).toBe(true);
    expect(() => use('busy', '4')).toThrow('One key made more than 3 proofs');
    expect(use('busy', '1')).toBe(false);
    expect(use('other', '4')).toBe(true);
  });

  it('is bounded in total, however many keys there are', () => {
    const { use, advance } = start({ max: 3 });
    for (const key of ['1', '2', '3']) expect(use(key, 'proof')).toBe(true);
    expect(() => use('4', 'proof')).toThrow('More than 3 proofs');
    expect(use('1', 'proof')).toBe(false);
    advance(60);
    for (const key of ['1', '2', '3']) expect(use(key, 'proof')).toBe(true);
    expect(() => use('4', 'proof')).toThrow('More than 3 proofs');
  });

  it('makes room by what is too old, and by nothing else', () => {
    const { use, advance } = start({ max: 2 });
    use('key', 'short', 10);
    use('key', 'long', 60);
    advance(10);
    expect(use('key', 'next')).toBe(true);
    expect(use('key', 'long')).toBe(false);
    expect(() => use('key', 'another')).toThrow('More than 2 proofs');
  });
});

describe('RedisReplayStore', () => {
  it('sets a key of its own that expires, unless it is there', async () => {
    const asked: unknown[][] = [];
    const answers: unknown[] = ['OK', null];
    const set = (...given: unknown[]): Promise<unknown> => {
      asked.push(given);
      return Promise.resolve(answers.shift());
    };
    const store = new RedisReplayStore({ set });
    const proof = { thumbprint: 'key', id: 'proof', keepSeconds: 60.5 };
    expect([await store.remember(proof), await store.remember(proof)]).toEqual([true, false]);
    expect(asked[0]).toEqual(['nmp:dpop:key:proof', '1', 'PX', 60_500, 'NX']);
  });

  it.each([undefined, 'QUEUED', 1, true])('takes the answer %p for none', async (answer) => {
    const store = new RedisReplayStore({ set: () => Promise.resolve(answer) });
    await expect(store.remember({ thumbprint: 'key', id: 'proof', keepSeconds: 1 })).rejects.toThrow('Redis answered');
  });
});
