import { hash } from 'node:crypto';
import type { Principal, PublicKey } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { KeySet } from '../keys/key-set.js';

/** The key that verified a token. When the issuer drops it, the verdict falls with it. */
interface Signed {
  readonly keys: KeySet;
  readonly key: PublicKey;
}

/** The issuer was asked about the token itself: no key is needed. */
interface LookedUp {
  readonly keys: undefined;
  readonly key: undefined;
}

/** What is remembered of a verified token. */
export type VerifiedToken = (Signed | LookedUp) & {
  readonly principal: Principal;
  /** When it stops being valid, in milliseconds since 1970, tolerance included. */
  readonly validUntilMs: number;
};

type Entry = VerifiedToken & {
  readonly untilMs: number;
  /** Whether it was asked for since it was last passed over for eviction. */
  isUsed: boolean;
};

/**
 * Remembers verified tokens, so that their signature is checked once. Bounded; what has not been asked for lately goes
 * first. Keyed by the SHA-256 of the token; holds no token text. An entry outlives neither the token, nor its key, nor
 * the configured time.
 */
export class VerifiedTokenCache {
  private readonly entries = new Map<string, Entry>();

  /** @param kind Tokens of the other kind are not kept: what is found among plain ones is good without a proof. */
  constructor(
    private readonly config: Pick<AuthConfig, 'cache'>,
    private readonly kind: 'plain' | 'bound' = 'plain',
  ) {}

  get(token: string, nowMs: number): Principal | undefined {
    if (this.config.cache === false) return undefined;
    const id = hash('sha256', token, 'base64');
    const entry = this.entries.get(id);
    if (entry === undefined) return undefined;
    if (nowMs >= entry.untilMs || (entry.keys !== undefined && !entry.keys.holds(entry.key, nowMs / 1000))) {
      this.entries.delete(id);
      return undefined;
    }
    entry.isUsed = true;
    return entry.principal;
  }

  set(token: string, verified: VerifiedToken, nowMs: number): void {
    const { cache } = this.config;
    const { principal, validUntilMs } = verified;
    if (cache === false || validUntilMs <= nowMs || (principal.claims.cnf !== undefined) !== (this.kind === 'bound'))
      return;
    const untilMs = Math.min(validUntilMs, nowMs + cache.ttlSeconds * 1000);
    if (this.entries.size >= cache.max) this.evict();
    this.entries.set(hash('sha256', token, 'base64'), { ...verified, untilMs, isUsed: false });
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
