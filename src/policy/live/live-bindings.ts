import { type Binding, type BindingChange, BindingIndex } from '../engine/binding-index.js';
import { LiveRows, type LiveRowsEvents, type LiveSource } from '../../storage/live-rows.js';
import type { NotificationListener } from '../../storage/notifications.js';

/** What is said on the channel of role changes: that a binding came or went, or that somebody waits for all before. */
type Message = BindingChange | Mark;

/** Put into the sequence of changes: whoever hears it has heard every change that was committed before. */
export interface Mark {
  readonly mark: string;
  /** Whether every instance is asked to say that it has heard it, or only the one that put it there listens for it. */
  readonly isForAll: boolean;
}

/** Told what happens to the bindings. */
export interface LiveBindingsEvents extends LiveRowsEvents {
  /** A mark was heard. */
  marked(mark: Mark): void;
}

/** All bindings in force, in memory, as they are in the database. */
export class LiveBindings implements NotificationListener {
  readonly index = new BindingIndex();
  private readonly rows: LiveRows<Binding, BindingChange>;

  constructor(
    source: LiveSource<Binding>,
    private readonly events: LiveBindingsEvents,
  ) {
    this.rows = new LiveRows<Binding, BindingChange>(this.index, source, events);
  }

  /** Why the bindings may be out of date; `undefined` when they are not. */
  get problem(): Error | undefined {
    return this.rows.problem;
  }

  message(payload: string): void {
    const message = JSON.parse(payload) as Message; // written by our own trigger, or by `Mark`
    if ('mark' in message) this.events.marked(message);
    else this.rows.apply(message);
  }

  resumed(): void {
    void this.refresh();
  }

  /** Reads all bindings as they are from now on. @throws when they cannot be read. */
  async load(): Promise<void> {
    await this.rows.load();
  }

  /** As {@link load}; never rejects: a failure is reported as an event. */
  async refresh(): Promise<void> {
    await this.rows.refresh();
  }
}
