import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Nonces of this service: one for each period, made of the period and a secret, so that nothing has to be remembered and
 * all processes with one secret have the same. A nonce is good for its period and the next.
 * @see RFC 9449 §9
 */
export class ServerNonces {
  private readonly known = new Map<number, string>();

  constructor(
    private readonly secret: string | Buffer,
    private readonly lifeSeconds: number,
    private readonly nowSeconds: () => number,
  ) {}

  /** What clients are to put into their next proofs. */
  get current(): string {
    return this.nonceOf(this.period);
  }

  /** Whether a nonce is good, and whether it is soon to be replaced. */
  judge(nonce: string): 'current' | 'aging' | 'refused' {
    const { period } = this;
    // The clock of the process that made it may be a little ahead.
    if ([period, period + 1].some((at) => isSame(nonce, this.nonceOf(at)))) return 'current';
    return isSame(nonce, this.nonceOf(period - 1)) ? 'aging' : 'refused';
  }

  private get period(): number {
    return Math.floor(this.nowSeconds() / this.lifeSeconds);
  }

  private nonceOf(period: number): string {
    const known = this.known.get(period);
    if (known !== undefined) return known;
    const nonce = createHmac('sha256', this.secret).update(`dpop-nonce ${period}`).digest('base64url');
    if (this.known.size >= 8) this.known.clear();
    this.known.set(period, nonce);
    return nonce;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
