import { Module } from '@nestjs/common';
import { RefusalListener } from '../http/refusal-listener.js';
import { PolicyModule } from '../policy/policy.module.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditEventsService } from './audit-events.service.js';
import { AuditRetention } from './audit-retention.service.js';
import { AuditStore } from './audit-store.module.js';
import { EventStamps } from './event-stamps.js';
import { RefusalJournal } from './refusal-journal.service.js';
import { RefusalQueue } from './refusal-queue.js';

/** Writes down refusals, forgets what is old, and shows what is there. */
@Module({
  imports: [PolicyModule, AuditStore],
  controllers: [AuditEventsController],
  providers: [
    AuditEventsService,
    AuditRetention,
    { provide: RefusalQueue, useFactory: (stamps: EventStamps) => new RefusalQueue(stamps), inject: [EventStamps] },
    RefusalJournal,
    { provide: RefusalListener, useExisting: RefusalJournal },
  ],
  exports: [RefusalListener],
})
export class AuditModule {}
