import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { IssuerKeys } from '@nmp/auth';
import { sql } from 'drizzle-orm';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { inTime } from '../in-time.js';
import { DecisionPointProbe } from '../policy/decisions/decision-point-probe.js';
import { LiveBindings } from '../policy/live/live-bindings.js';
import { Database } from '../storage/database.js';
import { Storage } from '../storage/storage.js';

const DATABASE_TIMEOUT_MS = 3_000;
// Within the second after which most probes give up.
const KEYS_TIMEOUT_MS = 500;

type KeysState = ReturnType<IssuerKeys['states']>[number];

/** What the service needs to serve. The reasons are for everybody to read: they name no address but the issuers'. */
@Injectable()
export class ReadinessChecks {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(Database) private readonly connection: Database,
    @Inject(LiveBindings) private readonly bindings: LiveBindings,
    @Inject(IssuerKeys) private readonly issuers: IssuerKeys,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'auth'>,
    @Inject(Storage) private readonly storage: Storage,
    @Optional() @Inject(DecisionPointProbe) private readonly decisions?: DecisionPointProbe,
  ) {}

  async database() {
    const indicator = this.indicators.check('database');
    // It goes on answering from what it has in memory.
    if (this.storage.isInPlace?.() === false) return indicator.down('its files are gone');
    const question = async (): Promise<unknown> => this.connection.execute(sql`select 1`);
    const hasAnswered = await inTime(DATABASE_TIMEOUT_MS, question());
    return hasAnswered ? indicator.up() : indicator.down('it does not answer');
  }

  /** Whether decisions are made from role bindings that could be read lately. */
  policyData() {
    const indicator = this.indicators.check('policy data');
    return this.bindings.problem === undefined ? indicator.up() : indicator.down('role bindings cannot be read');
  }

  /**
   * None where decisions are made in this process. An agent that is away makes the service no less ready: it fetches its
   * rules and roles here, and tokens are verified without it.
   */
  decisionPoint(): HealthIndicatorFunction[] {
    const { decisions } = this;
    if (decisions === undefined) return [];
    const indicator = this.indicators.check('policy decision point');
    return [async () => ((await decisions.isDeciding()) ? indicator.up() : indicator.degraded('it does not decide'))];
  }

  /**
   * One for each issuer. Its keys are asked for again where there are none: while nobody is sent here, no token does that.
   */
  async keys(): Promise<HealthIndicatorFunction[]> {
    if (this.config.auth.enabled === false) return [];
    await inTime(KEYS_TIMEOUT_MS, this.issuers.renewUnusable());
    return this.issuers.states().map((state) => () => this.keysOf(state));
  }

  /** Without the keys of the main issuer hardly anybody can be served; without those of another, the others can. */
  private keysOf({ issuer, kind, isUsable, keyCount, fetchedAt, problem }: KeysState) {
    const name = kind === 'access' ? issuer : `${issuer} (${kind})`;
    const indicator = this.indicators.check(`keys of ${name}`);
    const facts = {
      keys: keyCount,
      ...(fetchedAt !== undefined && { fetched_at: fetchedAt.toISOString() }),
      // The reason has addresses in it, and is in the log.
      ...(problem !== undefined && { problem: 'its keys cannot be fetched' }),
    };
    if (isUsable) return indicator.up(facts);
    const isMain = kind === 'access' && issuer === this.config.auth.oidc?.issuer;
    return isMain ? indicator.down(facts) : indicator.degraded(facts);
  }
}
