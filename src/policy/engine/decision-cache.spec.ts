import { describe, expect, it } from '@jest/globals';
import { DecisionCache } from './decision-cache.js';

describe('DecisionCache', () => {
  it('forgets everything with a new revision', () => {
    const cache = new DecisionCache<boolean>(10);
    cache.set('a', 0, true);
    expect(cache.get('a', 0)).toBe(true);
    expect(cache.get('a', 1)).toBeUndefined();
    expect(cache.get('a', 0)).toBeUndefined();
  });

  it('does not take a decision of an older revision', () => {
    const cache = new DecisionCache<boolean>(10);
    cache.get('a', 1);
    cache.set('a', 0, true);
    expect(cache.get('a', 1)).toBeUndefined();
  });

  it('never holds more than it may, and forgets the oldest first', () => {
    const cache = new DecisionCache<number>(3);
    for (let key = 0; key < 5; key += 1) cache.set(`${key}`, 0, key);
    expect(cache.size).toBe(3);
    expect([0, 1, 2, 3, 4].map((key) => cache.get(`${key}`, 0))).toEqual([undefined, undefined, 2, 3, 4]);
  });

  it('holds nothing when it may not, and no endless keys', () => {
    const none = new DecisionCache<boolean>(0);
    none.set('a', 0, true);
    const some = new DecisionCache<boolean>(1);
    some.set('a'.repeat(5000), 0, true);
    expect([none.size, some.size]).toEqual([0, 0]);
  });
});
