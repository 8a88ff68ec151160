import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';

describe('fuzzing', () => {
  it('names the smallest input that fails, and the seed', async () => {
    const failing = fuzz({
      name: 'none',
      inputs: fc.nat(1_000),
      holds: (input) => {
        if (input > 41) throw new Error(`${input} is too much`);
      },
      runs: 500,
    });
    await expect(failing).rejects.toThrow(
      /^none with seed \d+: 42 is too much\nTo keep in test\/fuzz\/corpus\/none\.json: 42$/,
    );
  });

  it('tries what is kept before anything else', async () => {
    const tried: unknown[] = [];
    await fuzz({
      name: 'authorization-header',
      inputs: fc.constant('new'),
      holds: (input) => void tried.push(input),
      runs: 1,
    });
    expect(tried.length).toBeGreaterThan(2);
    const first = tried.indexOf('new');
    expect(first).toBe(new Set(tried.slice(0, first)).size);
    expect(new Set(tried.slice(first))).toEqual(new Set(['new']));
  });
});
