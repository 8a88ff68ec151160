import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import type { CryptoKey } from 'jose';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { Database } from '../../storage/database.js';
import { KeySchedule, type ScheduledKey } from './key-schedule.js';
import { KeySeal } from './key-seal.js';
import { generateKey, type KeyPair, privateKeyOf, type PublishedKey, publishedKeyOf } from './signing-key.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

const FRESH_MS = 60_000;
const STALE_MS = 600_000;

/** The key that signs, ready to use. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey | Uint8Array;
}

/** A key pair out of the database, decrypted. */
type HeldKey = KeyPair & ScheduledKey;

interface KeyRing {
  readonly keys: readonly HeldKey[];
  readonly readAtMs: number;
}

/**
 * The keys that sign the platform's own tokens, the same ones for all instances: kept in the database, made by whoever
 * finds one missing, published before they sign and until all that they signed has ended.
 */
@Injectable()
export class SigningKeys implements OnApplicationBootstrap {
  private readonly logger = new Logger('SigningKeys');
  private readonly schedule: KeySchedule;
  private readonly seal: KeySeal;
  private current: { readonly kid: string; readonly signer: Promise<Signer> } | undefined;
  private ring: KeyRing | undefined;
  private reading: Promise<KeyRing> | undefined;

  constructor(
    @Inject(PLATFORM_CONFIG)
    private readonly config: Pick<PlatformConfig, 'signingKeys' | 'hopTokens' | 'tokenExchange' | 'accessKeys'>,
    @Inject(Database) private readonly database: Database,
    @Inject(SigningKeysRepository) private readonly repository: SigningKeysRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.schedule = new KeySchedule(config.signingKeys.rotationDays, config.accessKeys?.maxLifeSeconds);
    this.seal = new KeySeal(config.signingKeys.encryptionKey);
  }

  /** The first token does not wait for its key, nor does a verifier find an empty set. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.isUsed) await this.held();
  }

  /** What the key set publishes; nothing while no token of the platform's own is configured. */
  async published(): Promise<PublishedKey[]> {
    if (!this.isUsed) return [];
    const { keys } = await this.held();
    return this.schedule.published(keys, this.clock.now()).map(publishedKeyOf);
  }

  /** The key to sign with now. */
  async signer(): Promise<Signer> {
    const { keys } = await this.held();
    // By a clock that is ahead, another instance may have made the first one in what is the future here.
    const signing = this.schedule.signing(keys, this.clock.now()) ?? keys[0];
    if (signing === undefined) throw new Error('There is no signing key, though one was just made');
    const { kid } = signing;
    if (this.current?.kid !== kid) {
      this.current = { kid, signer: privateKeyOf(signing).then((key) => ({ kid, key })) };
    }
    return this.current.signer;
  }

  private get isUsed(): boolean {
    const { hopTokens, tokenExchange, accessKeys } = this.config;
    return [hopTokens, tokenExchange, accessKeys].some((section) => section !== undefined);
  }

  /**
   * The keys as they were read lately. While the database is away they serve as long as no other can sign by now.
   * @throws what the database says when nothing that is still good is held.
   */
  private async held(): Promise<KeyRing> {
    const ageMs = this.ring === undefined ? Number.POSITIVE_INFINITY : this.clock.now().getTime() - this.ring.readAtMs;
    if (this.ring !== undefined && ageMs < FRESH_MS) return this.ring;
    const reading = this.read();
    if (this.ring !== undefined && ageMs < STALE_MS) {
      // Nobody waits for what changes once in weeks.
      reading.catch((error: unknown) => this.warn(error));
      return this.ring;
    }
    try {
      return await reading;
    } catch (error) {
      if (this.ring === undefined || ageMs >= this.schedule.leadMs) throw error;
      this.warn(error);
      return this.ring;
    }
  }

  private read(): Promise<KeyRing> {
    this.reading ??= this.readOrMake()
      .then((keys) => (this.ring = { keys, readAtMs: this.clock.now().getTime() }))
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  private async readOrMake(): Promise<readonly HeldKey[]> {
    const rows = await this.repository.findAll(this.database);
    const now = this.clock.now();
    const due = this.schedule.due(rows, now);
    if (due !== undefined) {
      const made = await generateKey();
      const privateJwk = await this.seal.seal(made);
      await this.repository.insert(this.database, { ...due, kid: made.kid, privateJwk, createdAt: now });
      // Whether it was this instance or another: the one that is stored holds.
      return this.readOrMake();
    }
    const needs = await this.repository.findNeeds(this.database);
    const known = rows.map((row) => ({ ...row, neededUntil: needs.get(row.generation) }));
    const kept = this.schedule.published(known, now);
    const retired = known.filter((row) => !kept.includes(row)).map(({ generation }) => generation);
    if (retired.length > 0) await this.repository.delete(this.database, retired);
    return Promise.all(kept.map(async (row) => ({ ...row, ...(await this.seal.open(row.kid, row.privateJwk)) })));
  }

  private warn(error: unknown): void {
    this.logger.warn(`${error instanceof Error ? error.message : String(error)}; those read before are used`);
  }
}
