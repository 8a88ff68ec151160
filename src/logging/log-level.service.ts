import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { LogLevel } from '../config/log-level.js';
import type { Caller } from '../policy/caller.js';
import { WorkspaceAccess } from '../policy/workspace-access.service.js';
import { Database } from '../storage/database.js';
import { LogLevelSwitch } from './log-level-switch.js';

/** Lets the PlatformAdmin and services choose how much is logged. */
@Injectable()
export class LogLevelService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
    @Inject(LogLevelSwitch) private readonly levels: LogLevelSwitch,
  ) {}

  /** @throws {AccessDeniedError} for all but the PlatformAdmin and services. */
  async get(caller: Caller): Promise<LogLevel> {
    await this.access.authorizePlatform(this.database, caller, 'platform.log.read');
    return this.levels.level;
  }

  /** Changes nothing unless that can be written down. @throws as {@link get} */
  async set(caller: Caller, level: LogLevel): Promise<LogLevel> {
    await this.database.transaction(async (transaction) => {
      await this.access.authorizePlatform(transaction, caller, 'platform.log.update');
      const details = { level_before: this.levels.level, level_after: level };
      await this.audit.record(transaction, caller, { action: 'log_level.changed', details });
    });
    this.levels.set(level);
    return level;
  }
}
