/** What is known of a verified token when it is asked whether it has been revoked. */
export interface RevocableToken {
  readonly issuer: string;
  /** The token's id, if it has one. */
  readonly jti: string | undefined;
  /** The subject as the issuer names it. */
  readonly sub: string | undefined;
  /** When it was issued, in seconds since 1970. */
  readonly issuedAtSeconds: number;
}

/**
 * Says whether tokens have been revoked before they expire. Asked on every request, also for tokens that were verified
 * before; an answer that does not come, or an error, lets nobody pass.
 */
export interface Revocation {
  isRevoked(token: RevocableToken): boolean | Promise<boolean>;
}

/** Revocations kept in this process. For one process, and for tests. */
export class MemoryRevocation implements Revocation {
  private readonly tokens = new Map<string, number>();
  private readonly subjects = new Map<string, { issuedBefore: number; until: number }>();

  /** @param clockToleranceSeconds How far an issuer's clock may be ahead of this one. */
  constructor(
    private readonly nowSeconds: () => number = () => Date.now() / 1000,
    private readonly clockToleranceSeconds = 30,
  ) {}

  isRevoked({ issuer, jti, sub, issuedAtSeconds }: RevocableToken): boolean {
    if (jti !== undefined && this.tokens.has(`${issuer} ${jti}`)) return true;
    const subject = sub === undefined ? undefined : this.subjects.get(`${issuer} ${sub}`);
    return subject !== undefined && issuedAtSeconds <= subject.issuedBefore;
  }

  /** Revokes one token. @param expiresAtSeconds After this the entry is forgotten: the token has expired anyway. */
  revokeToken(issuer: string, jti: string, expiresAtSeconds: number): void {
    this.forgetExpired();
    this.tokens.set(`${issuer} ${jti}`, expiresAtSeconds);
  }

  /**
   * Revokes every token of a subject that was issued until now – by an issuer's clock, so that tokens of the next
   * seconds, as many as the clock tolerance has, are refused as well.
   * @param tokenLifeSeconds The longest life of a token; after it the entry is forgotten.
   */
  revokeSubject(issuer: string, sub: string, tokenLifeSeconds: number): void {
    this.forgetExpired();
    const now = this.nowSeconds();
    this.subjects.set(`${issuer} ${sub}`, {
      issuedBefore: now + this.clockToleranceSeconds,
      until: now + tokenLifeSeconds,
    });
  }

  private forgetExpired(): void {
    const now = this.nowSeconds();
    for (const [key, until] of this.tokens) if (until < now) this.tokens.delete(key);
    for (const [key, { until }] of this.subjects) if (until < now) this.subjects.delete(key);
  }
}

/** The commands of a Redis client that are used: those of ioredis, and of node-redis in its legacy mode. */
export interface RevocationRedis {
  mget(keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string, mode: 'EX', seconds: number): Promise<unknown>;
}

/** Revocations that several processes share through Redis. Entries expire there by themselves. */
export class RedisRevocation implements Revocation {
  /** @param clockToleranceSeconds How far an issuer's clock may be ahead of this one. */
  constructor(
    private readonly redis: RevocationRedis,
    private readonly prefix = 'nmp:revoked:',
    private readonly nowSeconds: () => number = () => Date.now() / 1000,
    private readonly clockToleranceSeconds = 30,
  ) {}

  async isRevoked({ issuer, jti, sub, issuedAtSeconds }: RevocableToken): Promise<boolean> {
    const keys = [this.key('jti', issuer, jti ?? ''), this.key('sub', issuer, sub ?? '')];
    const [token, subject] = await this.redis.mget(keys);
    return (jti !== undefined && token !== null) || (typeof subject === 'string' && issuedAtSeconds <= Number(subject));
  }

  /** Revokes one token until it expires. */
  async revokeToken(issuer: string, jti: string, expiresAtSeconds: number): Promise<void> {
    const seconds = Math.max(1, Math.ceil(expiresAtSeconds - this.nowSeconds()));
    await this.redis.set(this.key('jti', issuer, jti), '1', 'EX', seconds);
  }

  /** Revokes every token of a subject that was issued until now, or within the clock tolerance after it. */
  async revokeSubject(issuer: string, sub: string, tokenLifeSeconds: number): Promise<void> {
    const issuedBefore = String(this.nowSeconds() + this.clockToleranceSeconds);
    await this.redis.set(this.key('sub', issuer, sub), issuedBefore, 'EX', Math.max(1, Math.ceil(tokenLifeSeconds)));
  }

  private key(kind: 'jti' | 'sub', issuer: string, id: string): string {
    return `${this.prefix}${kind}:${JSON.stringify([issuer, id])}`;
  }
}
