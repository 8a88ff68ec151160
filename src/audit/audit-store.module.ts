import { Module } from '@nestjs/common';
import { Clock } from '@nmp/auth';
import { AuditEventsRepository } from './audit-events.repository.js';
import { AuditTrail } from './audit-trail.service.js';
import { EventStamps } from './event-stamps.js';

/** The audit events as they are stored, for everybody who changes access. */
@Module({
  providers: [
    AuditEventsRepository,
    { provide: EventStamps, useFactory: (clock: Clock) => new EventStamps(clock), inject: [Clock] },
    AuditTrail,
  ],
  exports: [AuditEventsRepository, EventStamps, AuditTrail],
})
export class AuditStore {}
