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
  /** Whether the token is good no more. */
  isRevoked(token: RevocableToken): boolean | Promise<boolean>;
}

// A token passes until its end by a clock that may be this far behind; so long an entry is kept beyond it.
const MAX_CLOCK_TOLERANCE_SECONDS = 300;

/** Which tokens of a subject are revoked, and until when that has to be known. */
interface SubjectRevocation {
  readonly issuedBefore: number;
  readonly until: number;
}

/** Revocations kept in this process. For one process, and for tests. */
export class MemoryRevocation implements Revocation {
  private readonly tokens = new Map<string, number>();
  private readonly subjects = new Map<string, SubjectRevocation>();

  /** @param clockToleranceSeconds How far an issuer's clock may be ahead of this one. */
  constructor(
    private readonly nowSeconds: () => number = () => Date.now() / 1000,
    private readonly clockToleranceSeconds = 30,
  ) {}

  /** Whether the token, or what its subject had until some time, was revoked. */
  isRevoked({ issuer, jti, sub, issuedAtSeconds }: RevocableToken): boolean {
    if (jti !== undefined && this.tokens.has(`${issuer} ${jti}`)) return true;
    const subject = sub === undefined ? undefined : this.subjects.get(`${issuer} ${sub}`);
    return subject !== undefined && issuedAtSeconds <= subject.issuedBefore;
  }

  /** Revokes one token. @param expiresAtSeconds The token's `exp`: some time after it the entry is forgotten. */
  revokeToken(issuer: string, jti: string, expiresAtSeconds: number): void {
    this.forgetExpired();
    const key = `${issuer} ${jti}`;
    this.tokens.set(key, Math.max(this.tokens.get(key) ?? 0, expiresAtSeconds + MAX_CLOCK_TOLERANCE_SECONDS));
  }

  /**
   * Revokes every token of a subject that was issued until now – by an issuer's clock, so that tokens of the next
   * seconds, as many as the clock tolerance has, are refused as well.
   * @param tokenLifeSeconds The longest life of a token; some time after it the entry is forgotten.
   */
  revokeSubject(issuer: string, sub: string, tokenLifeSeconds: number): void {
    this.forgetExpired();
    const key = `${issuer} ${sub}`;
    const now = revocationNow(this.nowSeconds(), this.clockToleranceSeconds, tokenLifeSeconds);
    this.subjects.set(key, longer(now, this.subjects.get(key)));
  }

  private forgetExpired(): void {
    const now = this.nowSeconds();
    for (const [key, until] of this.tokens) if (until < now) this.tokens.delete(key);
    for (const [key, { until }] of this.subjects) if (until < now) this.subjects.delete(key);
  }
}

/** The commands of a Redis client that are used: those of ioredis, and of node-redis in its legacy mode. */
export interface RevocationRedis {
  /** Reads several values; `null` stands for none. */
  mget(keys: string[]): Promise<(string | null)[]>;
  /** Writes a value that is forgotten after so many seconds. */
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

  /** Asks Redis about the token and its subject at once. @throws {Error} Redis does not answer. */
  async isRevoked({ issuer, jti, sub, issuedAtSeconds }: RevocableToken): Promise<boolean> {
    const keys = [this.key('jti', issuer, jti ?? ''), this.key('sub', issuer, sub ?? '')];
    const [token, subject] = await this.redis.mget(keys);
    if (jti !== undefined && token !== null) return true;
    return sub !== undefined && typeof subject === 'string' && issuedAtSeconds <= readSubject(subject).issuedBefore;
  }

  /** Revokes one token, until it has expired for everybody. @param expiresAtSeconds The token's `exp`. */
  async revokeToken(issuer: string, jti: string, expiresAtSeconds: number): Promise<void> {
    await this.keep(this.key('jti', issuer, jti), '1', expiresAtSeconds + MAX_CLOCK_TOLERANCE_SECONDS);
  }

  /** Revokes every token of a subject that was issued until now, or within the clock tolerance after it. */
  async revokeSubject(issuer: string, sub: string, tokenLifeSeconds: number): Promise<void> {
    const key = this.key('sub', issuer, sub);
    const [held] = await this.redis.mget([key]);
    const now = revocationNow(this.nowSeconds(), this.clockToleranceSeconds, tokenLifeSeconds);
    const kept = longer(now, typeof held === 'string' ? readSubject(held) : undefined);
    await this.keep(key, `${kept.issuedBefore} ${kept.until}`, kept.until);
  }

  private async keep(key: string, value: string, untilSeconds: number): Promise<void> {
    await this.redis.set(key, value, 'EX', Math.max(1, Math.ceil(untilSeconds - this.nowSeconds())));
  }

  private key(kind: 'jti' | 'sub', issuer: string, id: string): string {
    return `${this.prefix}${kind}:${JSON.stringify([issuer, id])}`;
  }
}

function revocationNow(now: number, tolerance: number, tokenLifeSeconds: number): SubjectRevocation {
  const issuedBefore = now + tolerance;
  return { issuedBefore, until: issuedBefore + tokenLifeSeconds + MAX_CLOCK_TOLERANCE_SECONDS };
}

/** A later revocation never ends an earlier one sooner. */
function longer(one: SubjectRevocation, other: SubjectRevocation | undefined): SubjectRevocation {
  if (other === undefined) return one;
  return {
    issuedBefore: Math.max(one.issuedBefore, other.issuedBefore),
    until: Math.max(one.until, other.until),
  };
}

/** What cannot be read revokes everything. */
function readSubject(text: string): SubjectRevocation {
  const [issuedBefore = Number.NaN, until = Number.NaN] = text.split(' ').map(Number);
  const isReadable = Number.isFinite(issuedBefore) && Number.isFinite(until);
  return isReadable ? { issuedBefore, until } : { issuedBefore: Number.POSITIVE_INFINITY, until: 0 };
}
