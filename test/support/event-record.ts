import type { INestApplication } from '@nestjs/common';
import { type AuthEvent, AuthEvents } from '@nmp/auth';

/** What an application has told its listeners, each event in a few words. */
export class EventRecord {
  readonly events: AuthEvent[] = [];
  /** Ends the listening. */
  readonly stop: () => void;

  constructor(app: Pick<INestApplication, 'get'>) {
    this.stop = app.get(AuthEvents).subscribe((event) => void this.events.push(event));
  }

  /** What was told of callers since the last time this was asked. */
  takeCallers(): string[] {
    return this.events.splice(0).flatMap((event) => {
      if (event.type === 'authenticated') {
        return `in: ${event.kind} by ${event.transport}${event.remembered ? ', remembered' : ''}`;
      }
      return event.type === 'refused' ? `out: ${event.code} by ${event.transport}` : [];
    });
  }
}
