import { describe, expect, it } from '@jest/globals';
import { MemoryRevocation, RedisRevocation, type RevocationRedis } from './revocation.js';

let now = 1_800_000_000;
const seconds = (): number => now;

/** The two commands of Redis that are used, with its way of forgetting. */
class TwoCommands implements RevocationRedis {
  private readonly entries = new Map<string, { value: string; until: number }>();

  async mget(keys: string[]): Promise<(string | null)[]> {
    return keys.map((key) => {
      const entry = this.entries.get(key);
      return entry !== undefined && now < entry.until ? entry.value : null;
    });
  }

  async set(key: string, value: string, _mode: 'EX', life: number): Promise<unknown> {
    this.entries.set(key, { value, until: now + life });
    return 'OK';
  }
}

describe.each([
  ['in memory', () => new MemoryRevocation(seconds)],
  ['in Redis', () => new RedisRevocation(new TwoCommands(), undefined, seconds)],
])('a revocation %s', (_where, make) => {
  const issuer = 'https://idp.example.com';
  const token = { issuer, jti: 'one', sub: 'user-1', issuedAtSeconds: now };

  it('of a token holds for that one', async () => {
    const revocation = make();
    await revocation.revokeToken(issuer, 'one', now + 60);
    expect(await revocation.isRevoked(token)).toBe(true);
    expect(await revocation.isRevoked({ ...token, jti: 'two' })).toBe(false);
    expect(await revocation.isRevoked({ ...token, jti: undefined })).toBe(false);
    expect(await revocation.isRevoked({ ...token, issuer: 'https://other.example' })).toBe(false);
  });

  it('of a subject holds for what was issued before, by clocks that may be ahead', async () => {
    const revocation = make();
    await revocation.revokeSubject(issuer, 'user-1', 3600);
    expect(await revocation.isRevoked({ ...token, issuedAtSeconds: now + 30 })).toBe(true);
    expect(await revocation.isRevoked({ ...token, issuedAtSeconds: now + 31 })).toBe(false);
    expect(await revocation.isRevoked({ ...token, sub: 'user-2' })).toBe(false);
    expect(await revocation.isRevoked({ ...token, sub: undefined })).toBe(false);
  });

  it('lasts as long as some clock may take the token for good, and is not ended by a later one', async () => {
    const revocation = make();
    await revocation.revokeToken(issuer, 'one', now + 60);
    await revocation.revokeSubject(issuer, 'user-2', 60);
    await revocation.revokeSubject(issuer, 'user-2', 1);
    const ofSubject = { ...token, jti: 'two', sub: 'user-2', issuedAtSeconds: now };
    now += 60 + 299;
    await revocation.revokeToken(issuer, 'other', now + 1); // forgets what may be forgotten
    expect(await revocation.isRevoked(token)).toBe(true);
    expect(await revocation.isRevoked(ofSubject)).toBe(true);
    now += 60;
    await revocation.revokeToken(issuer, 'other', now + 1);
    expect(await revocation.isRevoked(token)).toBe(false);
    expect(await revocation.isRevoked(ofSubject)).toBe(false);
  });
});
