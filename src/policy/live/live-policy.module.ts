import { Inject, Logger, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { MetricsStore } from '../../metrics/metrics-store.module.js';
import { PolicyDataMetrics } from '../../metrics/policy-data-metrics.js';
import { RoleBindingsRepository } from '../../role-bindings/role-bindings.repository.js';
import { RoleBindingsStore } from '../../role-bindings/role-bindings-store.module.js';
import { Storage } from '../../storage/storage.js';
import type { Binding } from '../engine/binding-index.js';
import { databaseChannel, ROLE_CHANGES, ROLE_CONFIRMATIONS } from './database-channel.js';
import { LiveBindings } from './live-bindings.js';
import { Propagation } from './propagation.js';
import { RoleTransactions } from './role-transactions.service.js';

const logger = new Logger('Policy');

/** Keeps the role bindings of the database in memory, as they are changed by this instance and by others. */
@Module({
  imports: [RoleBindingsStore, MetricsStore],
  providers: [
    {
      provide: Propagation,
      inject: [Storage],
      useFactory: ({ database, notifications }: Storage) =>
        new Propagation(databaseChannel(database, () => notifications.countListeners())),
    },
    {
      provide: LiveBindings,
      inject: [Storage, RoleBindingsRepository, Propagation, PolicyDataMetrics, Clock],
      useFactory: startLiveBindings,
    },
    RoleTransactions,
  ],
  exports: [LiveBindings, Propagation, RoleTransactions],
})
export class LivePolicyModule implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LiveBindings) private readonly bindings: LiveBindings,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  /** A notification that was lost is made good by the next refresh. */
  onModuleInit(): void {
    const { refreshIntervalSeconds } = this.config.policy;
    this.timer = setInterval(() => void this.bindings.refresh(), refreshIntervalSeconds * 1000).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}

async function startLiveBindings(
  { database, notifications }: Storage,
  repository: RoleBindingsRepository,
  propagation: Propagation,
  metrics: PolicyDataMetrics,
  clock: Clock,
): Promise<LiveBindings> {
  const source = {
    readAll: () => repository.findAllActive(database),
    readNamed: (names: readonly Binding[]) => repository.findChanges(database, names),
    fingerprint: () => repository.fingerprint(database),
  };
  const bindings = new LiveBindings(source, {
    marked: (mark) => propagation.marked(mark),
    attempted: (isRead) => (isRead ? metrics.noteRead(clock.now()) : metrics.noteFailure()),
    failed: (error) => logger.warn(`Role bindings cannot be read, those read before are used: ${String(error)}`),
    recovered: () => logger.log('Role bindings are read again'),
  });
  propagation.waitFor(bindings);
  // Heard before they are read: what is committed in between is neither missed nor lost.
  await notifications.listen(ROLE_CHANGES, bindings);
  await notifications.listen(ROLE_CONFIRMATIONS, propagation);
  await bindings.load();
  return bindings;
}
