import { hash } from 'node:crypto';
import type { Principal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { KeySet } from '../keys/key-set.js';
import type { PublicKey } from '../keys/public-key.js';

/** What is remembered of a verified token. */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly keys: KeySet;
  /** The key that verified it. When the issuer drops it, the verdict falls with it. */
  readonly key: PublicKey;
}

interface Entry extends VerifiedToken {
  readonly untilMs: number;
}

/**
 * Remembers verified tokens, so that their signature is checked once. Bounded, the longest unused goes first. Keyed by
 * the SHA-256 of the token; holds no token text. An entry outlives neither the token, nor its key, nor the configured time.
 */
export class VerifiedTokenCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly config: Pick<AuthConfig, 'cache' | 'clockToleranceSeconds'>) {}

  get(token: string, nowMs: number): Principal | undefined {
    if (this.config.cache === false) return undefined;
    const id = hash('sha256', token, 'base64');
    const entry = this.entries.get(id);
    if (entry === undefined) return undefined;
    this.entries.delete(id);
    if (nowMs >= entry.untilMs || !entry.keys.holds(entry.key, nowMs / 1000)) return undefined;
    this.entries.set(id, entry); // the last in a Map's order is the most recently used
    return entry.principal;
  }

  set(token: string, verified: VerifiedToken, nowMs: number): void {
    const { cache, clockToleranceSeconds } = this.config;
    if (cache === false) return;
    const expiryMs = verified.principal.expiresAt.getTime() + clockToleranceSeconds * 1000;
    const untilMs = Math.min(expiryMs, nowMs + cache.ttlSeconds * 1000);
    if (this.entries.size >= cache.max) this.evictOldest();
    this.entries.set(hash('sha256', token, 'base64'), { ...verified, untilMs });
  }

  get size(): number {
    return this.entries.size;
  }

  private evictOldest(): void {
    const { value: oldest } = this.entries.keys().next();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
