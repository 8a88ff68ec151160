import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { Database } from '../storage/database.js';
import { AuditEventsRepository } from './audit-events.repository.js';

const INTERVAL_MS = 3_600_000;
const DAY_MS = 86_400_000;
const BATCH = 1_000;

/** Forgets events that are old enough, a few at a time. */
@Injectable()
export class AuditRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Audit');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isStopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'audit'>,
  ) {}

  onApplicationBootstrap(): void {
    const run = (): void => {
      this.running ??= this.forgetQuietly().finally(() => {
        this.running = undefined;
      });
    };
    this.timer = setInterval(run, INTERVAL_MS).unref();
    run();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** @returns how many events were forgotten */
  async forget(batch = BATCH): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.config.audit.retentionDays * DAY_MS);
    let forgotten = 0;
    for (let found = batch; found === batch && !this.isStopping; forgotten += found) {
      found = await this.events.deleteBefore(this.database, before, batch);
    }
    return forgotten;
  }

  private async forgetQuietly(): Promise<void> {
    try {
      const forgotten = await this.forget();
      if (forgotten > 0) this.logger.log(`Forgot ${forgotten} audit events older than the retention`);
    } catch (error) {
      this.logger.warn(`Old audit events cannot be forgotten for now: ${String(error)}`);
    }
  }
}
