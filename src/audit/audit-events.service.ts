import { Inject, Injectable } from '@nestjs/common';
import type { ListQuery } from '../http/list-query.js';
import type { Caller } from '../policy/caller.js';
import { WorkspaceAccess } from '../policy/workspace-access.service.js';
import { Database } from '../storage/database.js';
import type { AuditEventRow } from '../storage/schema.js';
import { AuditEventsRepository } from './audit-events.repository.js';

/** What happened, for those who look after the platform. */
@Injectable()
export class AuditEventsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
  ) {}

  /** @throws {AccessDeniedError} for all but the PlatformAdmin and services: it tells of every workspace. */
  async list(caller: Caller, query: ListQuery): Promise<{ rows: AuditEventRow[]; total: number }> {
    await this.access.authorizePlatform(this.database, caller, 'iam.audit.read');
    return this.events.findPage(this.database, query);
  }
}
