import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../policy/caller.js';
import type { Connection } from '../storage/database.js';
import type { ChangeAction } from './audit-event.js';
import { AuditEventsRepository } from './audit-events.repository.js';
import { actorOf } from './audit-actor.js';
import { optionalWrittenName, writtenText } from '../written-text.js';
import { EventStamps } from './event-stamps.js';

/** A change of access. */
export interface AccessChange {
  readonly action: ChangeAction;
  /** Missing: it is about no workspace. */
  readonly workspace?: string;
  /** Whom or what it was about: a principal, or the name of a project or access key. */
  readonly target?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Writes down changes of access. */
@Injectable()
export class AuditTrail {
  constructor(
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(EventStamps) private readonly stamps: EventStamps,
  ) {}

  /** Writes in the transaction of the change: neither is there without the other. */
  async record(transaction: Connection, caller: Caller, change: AccessChange): Promise<void> {
    const { action, workspace, target, details = {} } = change;
    const event = {
      ...this.stamps.next(),
      ...actorOf(caller),
      action,
      decision: 'allowed' as const,
      workspace: optionalWrittenName(workspace),
      target: optionalWrittenName(target, 512),
      requestId: caller.requestId === undefined ? null : writtenText(caller.requestId),
      details,
    };
    await this.events.insert(transaction, [event]);
  }
}
