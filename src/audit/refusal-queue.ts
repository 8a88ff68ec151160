import type { NewAuditEvent } from './audit-event.js';
import type { EventStamps } from './event-stamps.js';
import type { Refusal } from './refusal.js';

/** How much is kept of refusals that come faster than they are worth writing down. */
export interface RefusalLimits {
  /** How many events may wait to be written. */
  readonly maxWaiting: number;
  /** How many refusals of one caller are written by themselves within a minute; the others are counted. */
  readonly maxOfCaller: number;
  /** How many callers are remembered for that. */
  readonly maxCallers: number;
  /** How many callers and addresses are told apart in what is counted. */
  readonly maxGroups: number;
}

/** What is to be written next. */
export interface RefusalBatch {
  readonly events: readonly NewAuditEvent[];
  readonly groups: readonly { readonly group: Group; readonly count: number }[];
}

/** Refusals with the same reason, of the same caller or address, within a minute: one event with a count. */
interface Group {
  readonly event: NewAuditEvent;
  readonly untilMs: number;
  count: number;
  written: number;
}

const MINUTE_MS = 60_000;
const defaultLimits: RefusalLimits = { maxWaiting: 10_000, maxOfCaller: 100, maxCallers: 10_000, maxGroups: 100 };

/**
 * Refusals that wait to be written, in bounded memory, and worth a bounded number of rows: those of known callers one by
 * one, up to a number; those of strangers together. What is dropped is counted, and the count is an event, too.
 */
export class RefusalQueue {
  private waiting: NewAuditEvent[] = [];
  private underWay = 0;
  private readonly groups = new Map<string, Group>();
  private readonly ofCallers = new Map<string, number>();
  private minute = 0;

  constructor(
    private readonly stamps: EventStamps,
    private readonly limits: RefusalLimits = defaultLimits,
  ) {}

  /** How many events wait, those that are counted together not included. */
  get size(): number {
    return this.waiting.length + this.underWay;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && [...this.groups.values()].every(isWritten);
  }

  /** @returns whether it will be written: by itself, or as one of many */
  add({ event, source, isKnown }: Refusal): boolean {
    const stamped = { ...event, ...this.stamps.next() };
    const nowMs = stamped.at.getTime();
    if (!isKnown || this.isBusy(source, nowMs)) {
      this.count(`${event.reason} ${source}`, stamped, nowMs + MINUTE_MS);
      return true;
    }
    if (this.size < this.limits.maxWaiting) {
      this.waiting.push(stamped);
      return true;
    }
    this.increase('lost', { ...without(stamped), action: 'refusals.lost', reason: 'queue_full' }, 0);
    return false;
  }

  /** What to write now. Ends with `written` or `failed` before the next one is taken. */
  take(max: number): RefusalBatch {
    const events = this.waiting.splice(0, max);
    this.underWay = events.length;
    const groups = [...this.groups.values()].filter((group) => !isWritten(group));
    return { events, groups: groups.map((group) => ({ group, count: group.count })) };
  }

  written({ groups }: RefusalBatch): void {
    this.underWay = 0;
    for (const { group, count } of groups) group.written = count;
    const nowMs = this.stamps.next().at.getTime();
    for (const [key, group] of this.groups) {
      if (isWritten(group) && nowMs >= group.untilMs) this.groups.delete(key);
    }
  }

  failed({ events }: RefusalBatch): void {
    this.underWay = 0;
    this.waiting = [...events, ...this.waiting];
  }

  private isBusy(source: string, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.minute) this.ofCallers.clear();
    this.minute = minute;
    const { maxOfCaller, maxCallers } = this.limits;
    const before = this.ofCallers.get(source) ?? (this.ofCallers.size < maxCallers ? 0 : maxOfCaller);
    if (before >= maxOfCaller) return true;
    this.ofCallers.set(source, before + 1);
    return false;
  }

  private count(key: string, event: NewAuditEvent, untilMs: number): void {
    const isToldApart = this.groups.has(key) || this.groups.size < this.limits.maxGroups;
    if (isToldApart) this.increase(key, event, untilMs);
    else this.increase(`${event.reason}`, without(event), untilMs);
  }

  private increase(key: string, event: NewAuditEvent, untilMs: number): void {
    const known = this.groups.get(key);
    const nowMs = event.at.getTime();
    // A count that could not be written yet goes on, however long ago it began.
    const isOver = known === undefined || (isWritten(known) && nowMs >= known.untilMs);
    if (isOver) this.groups.set(key, { event, untilMs, count: 1, written: 0 });
    else known.count += 1;
  }
}

function isWritten({ count, written }: Group): boolean {
  return count === written;
}

/** An event that is about several callers, or nobody in particular. */
function without({ id, at, action, decision, reason }: NewAuditEvent): NewAuditEvent {
  return { id, at, action, decision, reason };
}
