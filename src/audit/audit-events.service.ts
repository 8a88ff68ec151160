import { Inject, Injectable } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import type { ListQuery } from '../http/list-query.js';
import type { Caller } from '../policy/caller.js';
import { SYSTEM_WORKSPACE } from '../policy/role-names.js';
import { WorkspacePolicy } from '../policy/workspace-policy.service.js';
import { Database } from '../storage/database.js';
import type { AuditEventRow } from '../storage/schema.js';
import { AuditEventsRepository } from './audit-events.repository.js';

/** What happened, for those who look after the platform. */
@Injectable()
export class AuditEventsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
  ) {}

  /** @throws {AccessDeniedError} for all but the PlatformAdmin and services: it tells of every workspace. */
  async list(caller: Caller, query: ListQuery): Promise<{ rows: AuditEventRow[]; total: number }> {
    const decision = await this.policy.decide(this.database, caller, 'iam.audit.read', SYSTEM_WORKSPACE);
    if (!decision.isAllowed || !decision.seesAll) throw new AccessDeniedError();
    return this.events.findPage(this.database, query);
  }
}
