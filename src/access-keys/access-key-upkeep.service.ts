import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { Database } from '../storage/database.js';
import { AccessKeysRepository } from './access-keys.repository.js';
import { ActiveAccessKeys } from './active-access-keys.js';
import { LiveAccessKeys } from './live-access-keys.js';

/** How long a key is listed after it has ended. */
const KEPT_MS = 30 * 86_400_000;

/** Does now and then what no request should wait for: reads the keys again, writes down their use, forgets old ones. */
@Injectable()
export class AccessKeyUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('AccessKeys');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'accessKeys' | 'policy'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    @Inject(AccessKeysRepository) private readonly repository: AccessKeysRepository,
    @Inject(ActiveAccessKeys) private readonly active: ActiveAccessKeys,
    @Inject(LiveAccessKeys) private readonly live: LiveAccessKeys,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.accessKeys === undefined) return;
    const run = (): void => {
      this.running ??= this.runQuietly().finally(() => {
        this.running = undefined;
      });
    };
    this.timer = setInterval(run, this.config.policy.refreshIntervalSeconds * 1000).unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    await this.running;
    await this.runQuietly();
  }

  async run(): Promise<void> {
    await this.live.refresh();
    const uses = this.active.takeUses();
    try {
      await this.repository.noteUses(this.database, uses);
    } catch (error) {
      this.active.returnUses(uses);
      throw error;
    }
    await this.repository.deleteEnded(this.database, new Date(this.clock.now().getTime() - KEPT_MS));
  }

  private async runQuietly(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn(`The use of access keys cannot be written down for now: ${String(error)}`);
    }
  }
}
