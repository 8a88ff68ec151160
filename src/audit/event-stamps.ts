import { randomBytes } from 'node:crypto';
import type { Clock } from '@nmp/auth';

const MAX_SEQUENCE = 0xfff;

/** Gives events their time, and ids that sort as the events happened. */
export class EventStamps {
  private lastMs = 0;
  private sequence = 0;

  constructor(private readonly clock: Clock) {}

  next(): { readonly id: string; readonly at: Date } {
    const at = this.clock.now();
    const ms = at.getTime();
    this.sequence = ms === this.lastMs ? Math.min(this.sequence + 1, MAX_SEQUENCE) : 0;
    this.lastMs = ms;
    return { id: uuidOf(ms, this.sequence), at };
  }
}

/** A UUID of version 7, whose first random bits count what happens within a millisecond. @see RFC 9562 §5.7, §6.2 */
function uuidOf(ms: number, sequence: number): string {
  const random = randomBytes(8);
  random.writeUInt8((random.readUInt8(0) & 0x3f) | 0x80, 0);
  const time = ms.toString(16).padStart(12, '0');
  const rest = random.toString('hex');
  const counted = `7${sequence.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${counted}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
