import { Global, Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { PolicyModule } from '../policy/policy.module.js';
import { LogLevelController } from './log-level.controller.js';
import { LogLevelSwitch } from './log-level-switch.js';
import { LogLevelService } from './log-level.service.js';

/** Changes how much is logged while the service runs. */
@Global()
@Module({
  imports: [PolicyModule, AuditStore],
  controllers: [LogLevelController],
  providers: [
    {
      provide: LogLevelSwitch,
      inject: [PLATFORM_CONFIG],
      useFactory: ({ log }: PlatformConfig) => new LogLevelSwitch(log.level),
    },
    LogLevelService,
  ],
  exports: [LogLevelSwitch],
})
export class LogLevelModule {}
