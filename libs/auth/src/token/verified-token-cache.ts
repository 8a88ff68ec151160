import { hash } from 'node:crypto';
import type { Principal, PublicKey } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { KeySet } from '../keys/key-set.js';

/** What is remembered of a verified token. */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly keys: KeySet;
  /** The key that verified it. When the issuer drops it, the verdict falls with it. */
  readonly key: PublicKey;
  /** When it stops being valid, in milliseconds since 1970, tolerance included. */
  readonly validUntilMs: number;
}

interface Entry extends Omit<VerifiedToken, 'validUntilMs'> {
  readonly untilMs: number;
  /** Whether it was asked for since it was last passed over for eviction. */
  isUsed: boolean;
}

/**
 * Remembers verified tokens, so that their signature is checked once. Bounded; what has not been asked for lately goes
 * first. Keyed by the SHA-256 of the token; holds no token text. An entry outlives neither the token, nor its key, nor
 * the configured time.
 */
export class VerifiedTokenCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly config: Pick<AuthConfig, 'cache'>) {}

  get(token: string, nowMs: number): Principal | undefined {
    if (this.config.cache === false) return undefined;
    const id = hash('sha256', token, 'base64');
    const entry = this.entries.get(id);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.untilMs || !entry.keys.holds(entry.key, nowMs / 1000)) {
      this.entries.delete(id);
      return undefined;
    }
    entry.isUsed = true;
    return entry.principal;
  }

  set(token: string, { principal, keys, key, validUntilMs }: VerifiedToken, nowMs: number): void {
    const { cache } = this.config;
    if (cache === false) return;
    const untilMs = Math.min(validUntilMs, nowMs + cache.ttlSeconds * 1000);
    if (this.entries.size >= cache.max) this.evict();
    this.entries.set(hash('sha256', token, 'base64'), { principal, keys, key, untilMs, isUsed: false });
  }

  get size(): number {
    return this.entries.size;
  }

  /** Second chance: an entry that was asked for goes to the end of the queue once. Keeps a hit to a single look-up. */
  private evict(): void {
    for (const [id, entry] of this.entries) {
      this.entries.delete(id);
      if (!entry.isUsed) return;
      entry.isUsed = false;
      this.entries.set(id, entry);
    }
  }
}
