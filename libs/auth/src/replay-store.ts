/** A proof of possession that was used, as it is remembered. */
export interface UsedProof {
  /** The thumbprint of the key that made it. */
  readonly thumbprint: string;
  /** The SHA-256 of its `jti`, in base64url. */
  readonly id: string;
  /** How long it has to be remembered: then it is too old to be used again. */
  readonly keepSeconds: number;
}

/**
 * Remembers which proofs were used. Only proofs whose signature held get here. An answer that does not come, or an error,
 * lets nobody pass.
 * @see RFC 9449 §11.1
 */
export interface ProofReplayStore {
  /** Remembers a proof. @returns whether this was its first use */
  remember(proof: UsedProof): boolean | Promise<boolean>;
}

/** How much is remembered. */
export interface MemoryReplayStoreBounds {
  /** Proofs of all keys together. @default 100000 */
  readonly max?: number;
  /** Proofs of one key. @default 10000 */
  readonly maxPerKey?: number;
}

const SWEEP_AFTER_SECONDS = 10;

/**
 * Used proofs in this process. For one process, and for tests. Bounded, for each key and in total: where there is no room
 * it refuses, for a proof that was forgotten could be used again.
 */
export class MemoryReplayStore implements ProofReplayStore {
  /** By key, then by proof: until when. */
  private readonly keys = new Map<string, Map<string, number>>();
  private readonly max: number;
  private readonly maxPerKey: number;
  private size = 0;
  private sweptAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly nowSeconds: () => number = () => Date.now() / 1000,
    { max = 100_000, maxPerKey = 10_000 }: MemoryReplayStoreBounds = {},
  ) {
    this.max = max;
    this.maxPerKey = maxPerKey;
  }

  /** @throws {Error} There is no room for it. */
  remember({ thumbprint, id, keepSeconds }: UsedProof): boolean {
    const now = this.nowSeconds();
    if (now >= this.sweptAt + SWEEP_AFTER_SECONDS) this.sweep(now);
    const used = this.keys.get(thumbprint);
    const until = used?.get(id);
    if (until !== undefined && now < until) return false;
    if (until === undefined) this.makeRoom(used?.size ?? 0);
    this.keys.set(thumbprint, (used ?? new Map<string, number>()).set(id, now + keepSeconds));
    return true;
  }

  private makeRoom(ofKey: number): void {
    if (ofKey >= this.maxPerKey) throw new Error(`One key made more than ${this.maxPerKey} proofs in a short time`);
    if (this.size >= this.max) throw new Error(`More than ${this.max} proofs were used in a short time`);
    this.size++;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [thumbprint, used] of this.keys) {
      for (const [id, until] of used) {
        if (now < until) continue;
        used.delete(id);
        this.size--;
      }
      if (used.size === 0) this.keys.delete(thumbprint);
    }
  }
}

/** The command of a Redis client that is used: that of ioredis, and of node-redis in its legacy mode. */
export interface ReplayRedis {
  /** Writes a value that is forgotten after a time, unless there is one already. */
  set(key: string, value: string, expiry: 'PX', milliseconds: number, condition: 'NX'): Promise<unknown>;
}

/** Used proofs that several processes share through Redis. They expire there by themselves. */
export class RedisReplayStore implements ProofReplayStore {
  constructor(
    private readonly redis: ReplayRedis,
    private readonly prefix = 'nmp:dpop:',
  ) {}

  /** @throws {Error} Redis answers something else than it should. */
  async remember({ thumbprint, id, keepSeconds }: UsedProof): Promise<boolean> {
    const milliseconds = Math.max(1, Math.ceil(keepSeconds * 1000));
    const answer = await this.redis.set(`${this.prefix}${thumbprint}:${id}`, '1', 'PX', milliseconds, 'NX');
    if (answer === 'OK') return true;
    if (answer === null) return false;
    throw new Error('Redis answered neither OK nor nothing');
  }
}
