import { type Algorithm, fitsIssuer, InvalidTokenError, IssuerUnavailableError, type PublicKey } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { IssuerSource } from '../issuer-config.js';
import type { AuthTracer } from '../tracing/auth-tracer.js';
import type { IssuerMetadata } from './issuer-metadata.js';
import type { KeySetEvents } from './key-set-events.js';
import { KeysGoneError, PublishedKeys, type ReadKeys } from './published-keys.js';

/** What a token says about the key that signed it. */
export interface KeyQuery {
  readonly kid: string | undefined;
  readonly algorithm: Algorithm;
  /** The trusted issuer the token names. */
  readonly issuer: string;
}

/** How it is with a key set. */
export interface KeySetState {
  /** Whether tokens can be verified with it now: during an outage as long as what is held may be used. */
  readonly isUsable: boolean;
  readonly keyCount: number;
  /** When the keys that are held were fetched; not there before the first time. */
  readonly fetchedAt?: Date;
  /** Why the last fetch has failed; not there when it has not. */
  readonly problem?: string;
  /** How often the keys were asked for since the start, and how often in vain. */
  readonly fetches: number;
  readonly failedFetches: number;
}

/**
 * The keys of one issuer, held as key objects.
 *
 * One fetch serves any number of callers. Keys are fetched again in the background before they age out; a key id that is
 * not in the set fetches at most once per cool-down, whoever sends it; old keys serve through an outage. A key that the
 * provider has removed is gone with the next successful fetch.
 */
export class KeySet {
  private keys: readonly PublicKey[] = [];
  private fetchedAt: number | undefined;
  private lifeSeconds = 0;
  private attemptedAt = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private inFlight: Promise<void> | undefined;
  private isWarned = false;
  private problem: string | undefined;
  private readonly counted = { fetches: 0, failedFetches: 0 };
  private readonly published: PublishedKeys;

  constructor(
    private readonly source: IssuerSource,
    private readonly config: AuthConfig,
    metadata: IssuerMetadata,
    private readonly clock: Clock,
    private readonly events: KeySetEvents,
    tracer: AuthTracer,
  ) {
    this.published = new PublishedKeys(source, config, metadata, tracer, () => this.warnOfPrivateKeys());
  }

  /**
   * The keys that may have signed a token with this header; more than one only if the provider uses a key id twice.
   *
   * No network traffic for a key that is held.
   * @throws {InvalidTokenError} reason `key`: the issuer, asked a moment ago, has no such key; or the token names none
   *   and not exactly one key fits.
   * @throws {IssuerUnavailableError} The keys cannot be had, and nothing usable is held.
   */
  find(token: KeyQuery): readonly PublicKey[] | Promise<readonly PublicKey[]> {
    const now = this.seconds();
    if (this.isUsable(now)) {
      const held = this.select(token);
      if (held.length > 0) {
        this.refreshWhenAged(now);
        return held;
      }
    }
    return this.findAfterRefresh(token, now);
  }

  /** Whether a key that verified a token before is still the issuer's. */
  holds(key: PublicKey, now: number): boolean {
    if (!this.isUsable(now) || !this.keys.includes(key)) return false;
    this.refreshWhenAged(now);
    return true;
  }

  /** How it is at this moment. Costs no network traffic. */
  state(): KeySetState {
    const { fetchedAt, keys, problem } = this;
    return {
      isUsable: keys.length > 0 && this.isUsable(this.seconds()),
      keyCount: keys.length,
      ...(fetchedAt !== undefined && { fetchedAt: new Date(fetchedAt * 1000) }),
      ...(problem !== undefined && { problem }),
      ...this.counted,
    };
  }

  /** Fetches the keys unless a token has asked for them already. Never rejects: a failure is reported as an event. */
  async prefetch(): Promise<void> {
    if (!Number.isFinite(this.attemptedAt)) await this.refreshInBackground();
  }

  /** Fetches the keys if none is usable, and not again within the cool-down. Never rejects, as {@link prefetch}. */
  async renewUnusable(): Promise<void> {
    const now = this.seconds();
    if (this.keys.length > 0 && this.isUsable(now)) return;
    if (this.inFlight !== undefined || now >= this.attemptedAt + this.cooldownSeconds())
      await this.refreshInBackground();
  }

  private async refreshInBackground(): Promise<void> {
    await this.refresh().catch(() => {});
  }

  private async findAfterRefresh(token: KeyQuery, now: number): Promise<readonly PublicKey[]> {
    const wait = this.attemptedAt + this.cooldownSeconds() - now;
    if (this.inFlight === undefined && wait > 0) {
      if (this.failures === 0) throw this.unknownKey(token);
      throw this.unavailable(wait);
    }
    await this.refresh().catch((cause: unknown) => {
      throw this.unavailable(this.cooldownSeconds(), cause);
    });
    const found = this.select(token);
    if (found.length === 0) throw this.unknownKey(token);
    return found;
  }

  private select({ kid, algorithm, issuer }: KeyQuery): readonly PublicKey[] {
    const fitting = this.keys.filter((key) => key.algorithms.includes(algorithm) && fitsIssuer(key, issuer));
    if (kid !== undefined) return fitting.filter((key) => key.kid === kid);
    return fitting.length === 1 ? fitting : []; // RFC 7515 §4.1.4: without a key id, only a single key is beyond doubt
  }

  private isUsable(now: number): boolean {
    return this.fetchedAt !== undefined && now < this.fetchedAt + this.lifeSeconds + this.config.jwksStaleSeconds;
  }

  /** Renews the keys in the background during the last fifth of their life. */
  private refreshWhenAged(now: number): void {
    if (this.fetchedAt === undefined || now < this.fetchedAt + this.lifeSeconds * 0.8) return;
    if (this.inFlight !== undefined || now < this.attemptedAt + this.cooldownSeconds()) return;
    void this.refreshInBackground();
  }

  /** While nothing is held, a failed attempt is repeated sooner: 1, 2, 4 … seconds, up to the configured cool-down. */
  private cooldownSeconds(): number {
    const { jwksCooldownSeconds } = this.config;
    if (this.failures === 0 || this.isUsable(this.seconds())) return jwksCooldownSeconds;
    return Math.min(2 ** (this.failures - 1), jwksCooldownSeconds);
  }

  private refresh(): Promise<void> {
    this.inFlight ??= this.fetch().finally(() => {
      this.inFlight = undefined;
    });
    return this.inFlight;
  }

  private async fetch(): Promise<void> {
    const begunAt = this.seconds();
    this.counted.fetches += 1;
    const read = await this.published.read().catch((error: unknown) => this.fail(error));
    this.replace(read, begunAt);
  }

  private replace({ keys, lifeSeconds }: ReadKeys, begunAt: number): void {
    const known = new Map(this.keys.map((key) => [key.fingerprint, key]));
    this.keys = keys.map((key) => known.get(key.fingerprint) ?? key);
    this.lifeSeconds = lifeSeconds;
    this.fetchedAt = this.attemptedAt = this.seconds();
    const hadFailed = this.failures > 0;
    this.failures = 0;
    this.problem = undefined;
    if (hadFailed) this.events.recovered(this.source.name);
    const durationMs = Math.max(0, Math.round((this.fetchedAt - begunAt) * 1000)); // clocks may be set back
    this.events.refreshed(this.source.name, { keyCount: keys.length, durationMs });
  }

  private fail(error: unknown): never {
    if (error instanceof KeysGoneError) this.keys = [];
    this.attemptedAt = this.seconds();
    this.failures++;
    this.counted.failedFetches += 1;
    this.problem = reasonOf(error);
    if (this.failures === 1) this.events.unavailable(this.source.name, this.problem);
    throw error;
  }

  private warnOfPrivateKeys(): void {
    if (this.isWarned) return;
    this.isWarned = true;
    this.events.privateKeysPublished(this.source.name);
  }

  private unavailable(waitSeconds: number, cause?: unknown): IssuerUnavailableError {
    const message = `The keys of ${this.source.name} cannot be had${cause === undefined ? '' : `: ${reasonOf(cause)}`}`;
    return new IssuerUnavailableError(message, Math.max(1, Math.ceil(waitSeconds)), { cause });
  }

  private unknownKey({ kid, algorithm }: KeyQuery): InvalidTokenError {
    const held = `of the ${this.keys.length} keys of ${this.source.name}`;
    const problem =
      kid === undefined
        ? `it names no key, and not exactly one ${held} signs ${algorithm}`
        : `none ${held} has the key id ${JSON.stringify(kid.slice(0, 100))} and signs ${algorithm}`;
    return new InvalidTokenError('key', `the token cannot be verified: ${problem}`);
  }

  private seconds(): number {
    return this.clock.now().getTime() / 1000;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
