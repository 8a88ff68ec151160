import {
  type Algorithm,
  fitsIssuer,
  InvalidTokenError,
  isPrivate,
  IssuerUnavailableError,
  type PublicKey,
  publicKeyOf,
} from '@nmp/tokens';
import { JwksClient } from 'jwks-rsa';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { IssuerSource } from '../issuer-config.js';
import { DocumentFetchError, fetchDocument } from './fetch-document.js';
import type { IssuerMetadata } from './issuer-metadata.js';

/** The most keys that are read from one set. */
export const MAX_KEYS = 100;
const MIN_LIFE_SECONDS = 60;

/** What a token says about the key that signed it. */
export interface KeyQuery {
  readonly kid: string | undefined;
  readonly algorithm: Algorithm;
  /** The trusted issuer the token names. */
  readonly issuer: string;
}

/** Told when an issuer's keys cannot be had, and when they can again: once each. */
export interface KeySetEvents {
  unavailable(issuer: string, reason: string): void;
  recovered(issuer: string): void;
  /** The key set holds private keys: whoever reads it can sign. */
  privateKeysPublished(issuer: string): void;
}

/** What a key set holds, unread. */
interface PublishedEntries {
  readonly uri: string;
  readonly entries: unknown;
  readonly maxAgeSeconds?: number | undefined;
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

  constructor(
    private readonly source: IssuerSource,
    private readonly config: AuthConfig,
    private readonly metadata: IssuerMetadata,
    private readonly clock: Clock,
    private readonly events: KeySetEvents,
  ) {}

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

  /** Fetches the keys unless a token has asked for them already. Never rejects: a failure is reported as an event. */
  async prefetch(): Promise<void> {
    if (!Number.isFinite(this.attemptedAt)) await this.refreshInBackground();
  }

  private async refreshInBackground(): Promise<void> {
    await this.refresh().catch(() => {});
  }

  private async findAfterRefresh(token: KeyQuery, now: number): Promise<readonly PublicKey[]> {
    const wait = this.attemptedAt + this.cooldownSeconds() - now;
    if (this.inFlight === undefined && wait > 0) {
      if (this.failures === 0) throw unknownKey(token.kid);
      throw this.unavailable(wait);
    }
    await this.refresh().catch((cause: unknown) => {
      throw this.unavailable(this.cooldownSeconds(), cause);
    });
    const found = this.select(token);
    if (found.length === 0) throw unknownKey(token.kid);
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
    this.inFlight ??= this.fetch()
      .then(
        ({ keys, lifeSeconds }) => this.replace(keys, lifeSeconds),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.inFlight = undefined;
      });
    return this.inFlight;
  }

  private replace(keys: readonly PublicKey[], lifeSeconds: number): void {
    const known = new Map(this.keys.map((key) => [key.fingerprint, key]));
    this.keys = keys.map((key) => known.get(key.fingerprint) ?? key);
    this.lifeSeconds = lifeSeconds;
    this.fetchedAt = this.attemptedAt = this.seconds();
    if (this.failures > 0) this.events.recovered(this.source.name);
    this.failures = 0;
  }

  private fail(error: unknown): never {
    this.attemptedAt = this.seconds();
    this.failures++;
    if (this.failures === 1) this.events.unavailable(this.source.name, reasonOf(error));
    throw error;
  }

  private async fetch(): Promise<{ keys: readonly PublicKey[]; lifeSeconds: number }> {
    const { uri, entries, maxAgeSeconds } = await this.publishedEntries();
    if (!Array.isArray(entries)) throw new DocumentFetchError(`${uri} is not a key set`);
    if (entries.length > MAX_KEYS) throw new DocumentFetchError(`${uri} has more than ${MAX_KEYS} keys`);
    this.warnOfPrivateKeys(entries);
    const keys = entries.flatMap((entry) => publicKeyOf(entry, this.config.algorithms) ?? []);
    if (keys.length === 0) {
      // An empty or broken set may be a fault of the provider's. Where it lists keys, and none of ours, ours are gone.
      if (entries.length > 0 && entries.every(isNamedKey)) this.keys = [];
      throw new DocumentFetchError(`${uri} has no key usable for ${this.config.algorithms.join(', ')}`);
    }
    const life = Math.min(maxAgeSeconds ?? this.config.jwksMaxAgeSeconds, this.config.jwksMaxAgeSeconds);
    return { keys, lifeSeconds: Math.max(life, MIN_LIFE_SECONDS) };
  }

  private async publishedEntries(): Promise<PublishedEntries> {
    if (this.source.ownKeys) return { uri: 'the own key set', entries: await this.source.ownKeys() };
    const uri = this.source.jwksUri ?? (await this.metadata.address('jwks_uri'));
    let maxAgeSeconds: number | undefined;
    const client = new JwksClient({
      jwksUri: uri,
      cache: false, // the rules of keeping keys are ours
      rateLimit: false,
      fetcher: async () => {
        const fetched = await fetchDocument(uri, this.config);
        maxAgeSeconds = fetched.maxAgeSeconds;
        return { keys: fetched.document.keys };
      },
    });
    const entries: unknown = await client.getKeys();
    return { uri, entries, maxAgeSeconds };
  }

  private warnOfPrivateKeys(entries: readonly unknown[]): void {
    if (this.isWarned || !entries.some(isPrivate)) return;
    this.isWarned = true;
    this.events.privateKeysPublished(this.source.name);
  }

  private unavailable(waitSeconds: number, cause?: unknown): IssuerUnavailableError {
    const message = `The keys of ${this.source.name} cannot be had${cause === undefined ? '' : `: ${reasonOf(cause)}`}`;
    return new IssuerUnavailableError(message, Math.max(1, Math.ceil(waitSeconds)), { cause });
  }

  private seconds(): number {
    return this.clock.now().getTime() / 1000;
  }
}

function isNamedKey(entry: unknown): boolean {
  const { kty, kid } = (entry ?? {}) as { kty?: unknown; kid?: unknown };
  return typeof kty === 'string' && typeof kid === 'string';
}

function unknownKey(kid: string | undefined): InvalidTokenError {
  const which = kid === undefined ? 'it names no key, and not exactly one fits' : 'its key id is not in the key set';
  return new InvalidTokenError('key', `the token cannot be verified: ${which}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
