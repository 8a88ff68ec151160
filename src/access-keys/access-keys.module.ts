import { Logger, Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { MintedTokensModule } from '../minted-tokens/minted-tokens.module.js';
import { Propagation } from '../policy/live/propagation.js';
import { PolicyModule } from '../policy/policy.module.js';
import { Clock } from '@nmp/auth';
import { Storage } from '../storage/storage.js';
import { AccessKeyLimits } from './access-key-limits.service.js';
import { AccessKeyPages } from './access-key-pages.repository.js';
import { AccessKeyTransactions } from './access-key-transactions.service.js';
import { AccessKeyUpkeep } from './access-key-upkeep.service.js';
import { AccessKeysController } from './access-keys.controller.js';
import { AccessKeysRepository } from './access-keys.repository.js';
import { AccessKeys } from './access-keys.service.js';
import { ActiveAccessKeys } from './active-access-keys.js';
import { ACCESS_KEY_CHANGES, LiveAccessKeys } from './live-access-keys.js';

const logger = new Logger('AccessKeys');

/** Access keys: long-lived tokens of restricted scope that people make for their programs. */
@Module({
  imports: [PolicyModule, MintedTokensModule, AuditStore],
  controllers: [AccessKeysController],
  providers: [
    AccessKeysRepository,
    AccessKeyPages,
    AccessKeyLimits,
    {
      provide: LiveAccessKeys,
      inject: [PLATFORM_CONFIG, Storage, AccessKeysRepository, ActiveAccessKeys, Clock, Propagation],
      useFactory: startLiveAccessKeys,
    },
    AccessKeyTransactions,
    AccessKeyUpkeep,
    AccessKeys,
  ],
})
export class AccessKeysModule {}

async function startLiveAccessKeys(
  { accessKeys }: PlatformConfig,
  { database, notifications }: Storage,
  repository: AccessKeysRepository,
  active: ActiveAccessKeys,
  clock: Clock,
  propagation: Propagation,
): Promise<LiveAccessKeys> {
  const source = {
    readAll: () => repository.findUsable(database, clock.now()),
    readNamed: (jtis: readonly string[]) => repository.findEnds(database, jtis, clock.now()),
    fingerprint: () => repository.fingerprint(database),
  };
  const live = new LiveAccessKeys(active, source, {
    failed: (error) => logger.warn(`Access keys cannot be read, those read before are used: ${String(error)}`),
    recovered: () => logger.log('Access keys are read again'),
  });
  if (accessKeys === undefined) return live;
  propagation.waitFor(live);
  // Heard before they are read: what is committed in between is neither missed nor lost.
  await notifications.listen(ACCESS_KEY_CHANGES, live);
  await live.load();
  return live;
}
