import { describe, expect, it } from '@jest/globals';
import { anonymousPrincipal, type Principal, type PublicKey } from '@nmp/tokens';
import type { KeySet } from '../keys/key-set.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

const key = { kid: 'k' } as PublicKey; // only compared
const held = new Set([key]);
const keys = { holds: (candidate: PublicKey) => held.has(candidate) } as unknown as KeySet; // all that the cache asks of it
const principal: Principal = anonymousPrincipal;
const cacheOf = (max = 10, ttlSeconds = 300): VerifiedTokenCache =>
  new VerifiedTokenCache({ cache: { max, ttlSeconds } });

describe('VerifiedTokenCache', () => {
  it('remembers a token until its time is over', () => {
    const cache = cacheOf();
    cache.set('t', { principal, key, keys, validUntilMs: 1e9 }, 0);
    expect(cache.get('t', 299_999)).toBeDefined();
    expect(cache.get('t', 300_000)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('forgets a token when it stops being valid', () => {
    const cache = cacheOf();
    cache.set('t', { principal, key, keys, validUntilMs: 1000 }, 0);
    expect(cache.get('t', 999)).toBeDefined();
    expect(cache.get('t', 1000)).toBeUndefined();
  });

  it('forgets a token whose key is gone', () => {
    const cache = cacheOf();
    cache.set('t', { principal, key, keys, validUntilMs: 1e9 }, 0);
    held.delete(key);
    expect(cache.get('t', 1)).toBeUndefined();
    held.add(key);
    expect(cache.get('t', 1)).toBeUndefined();
  });

  it('tells tokens apart by all of their text', () => {
    const cache = cacheOf();
    cache.set('token', { principal, key, keys, validUntilMs: 1e9 }, 0);
    expect(cache.get('toke', 1)).toBeUndefined();
    expect(cache.get('token ', 1)).toBeUndefined();
  });

  it('is bounded, and drops what was unused longest', () => {
    const cache = cacheOf(2);
    for (const token of ['a', 'b']) cache.set(token, { principal, key, keys, validUntilMs: 1e9 }, 0);
    cache.get('a', 1);
    cache.set('c', { principal, key, keys, validUntilMs: 1e9 }, 1);
    expect(['a', 'b', 'c'].map((token) => cache.get(token, 2) !== undefined)).toEqual([true, false, true]);
    expect(cache.size).toBe(2);
  });

  it('can be switched off', () => {
    const cache = new VerifiedTokenCache({ cache: false });
    cache.set('t', { principal, key, keys, validUntilMs: 1e9 }, 0);
    expect([cache.get('t', 1), cache.size]).toEqual([undefined, 0]);
  });
});
