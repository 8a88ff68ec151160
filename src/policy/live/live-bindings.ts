import { type Binding, type BindingChange, BindingIndex } from '../engine/binding-index.js';
import { LiveRows, type LiveRowsEvents, type LiveSource } from '../../storage/live-rows.js';

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
export class LiveBindings extends LiveRows<Binding, BindingChange, BindingIndex> {
  constructor(
    source: LiveSource<Binding>,
    private readonly listener: LiveBindingsEvents,
  ) {
    super(new BindingIndex(), source, listener);
  }

  message(payload: string): void {
    const message = JSON.parse(payload) as Message; // written by our own trigger, or by `Mark`
    if ('mark' in message) this.listener.marked(message);
    else this.apply(message);
  }
}
