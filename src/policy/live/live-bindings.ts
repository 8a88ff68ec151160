import { type Binding, type BindingChange, BindingIndex } from '../engine/binding-index.js';
import type { NotificationListener } from '../../storage/notifications.js';

/** What is said on the channel of role changes: that a binding came or went, or that somebody waits for all before. */
type Message = BindingChange | Mark;

/** Put into the sequence of changes: whoever hears it has heard every change that was committed before. */
export interface Mark {
  readonly mark: string;
  /** Whether every instance is asked to say that it has heard it, or only the one that put it there listens for it. */
  readonly isForAll: boolean;
}

/** Where the bindings are read from. */
export interface BindingSource {
  readAll(): Promise<Iterable<Binding>>;
  /** Something short that is another whenever a binding has come or gone. */
  fingerprint(): Promise<string>;
}

/** Told what happens to the bindings. */
export interface LiveBindingsEvents {
  /** A mark was heard. */
  marked(mark: Mark): void;
  /** Reading the bindings failed; those that were read before go on being used. */
  failed(error: unknown): void;
  /** They could be read again. */
  recovered(): void;
}

/**
 * All bindings in force, in memory, kept up to date by what committed transactions say and by reading all of them again
 * now and then.
 */
export class LiveBindings implements NotificationListener {
  readonly index = new BindingIndex();
  // What was said while the bindings are being read belongs after them.
  private held: BindingChange[] | undefined;
  private reading: Promise<void> | undefined;
  private failure: Error | undefined;
  private fingerprint: string | undefined;

  constructor(
    private readonly source: BindingSource,
    private readonly events: LiveBindingsEvents,
  ) {}

  /** Why the bindings may be out of date; `undefined` when they are not. */
  get problem(): Error | undefined {
    return this.failure;
  }

  message(payload: string): void {
    const message = JSON.parse(payload) as Message; // written by our own trigger, or by `Mark`
    if ('mark' in message) this.events.marked(message);
    else if (this.held === undefined) this.index.apply(message);
    else this.held.push(message);
  }

  resumed(): void {
    void this.refresh();
  }

  /**
   * Reads all bindings as they are from now on, for what is being read already may be older; if none has changed since
   * they were last read, it is over at once.
   * @throws when they cannot be read.
   */
  async load(): Promise<void> {
    const before = this.reading;
    const reading = (async () => {
      await before?.catch(() => undefined);
      await this.read();
    })();
    this.reading = reading;
    await reading;
  }

  /** As {@link load}; never rejects: a failure is reported as an event. */
  async refresh(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  private async read(): Promise<void> {
    this.held = [];
    try {
      // Taken first: a change while they are read makes it out of date, and they are read once more than needed.
      const fingerprint = await this.source.fingerprint();
      if (fingerprint !== this.fingerprint) this.index.replaceAll(await this.source.readAll());
      this.fingerprint = fingerprint;
      if (this.failure !== undefined) this.events.recovered();
      this.failure = undefined;
    } catch (error) {
      if (this.failure === undefined) this.events.failed(error);
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      const held = this.held;
      this.held = undefined;
      for (const change of held) this.index.apply(change);
    }
  }
}
