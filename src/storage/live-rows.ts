import type { NotificationListener } from './notifications.js';

/** What rows of the database are held in, in memory. */
export interface LiveIndex<Row, Change> {
  apply(change: Change): void;
  /** Makes it hold these and no others. */
  replaceAll(rows: Iterable<Row>): void;
}

/** Where the rows are read from. */
export interface LiveSource<Row> {
  readAll(): Promise<Iterable<Row>>;
  /** Something short that is another whenever a row has come, changed or gone. */
  fingerprint(): Promise<string>;
}

/** Told what becomes of reading. */
export interface LiveRowsEvents {
  /** Reading failed; what was read before goes on being used. */
  failed(error: unknown): void;
  /** It can be read again. */
  recovered(): void;
}

/**
 * Rows of the database in memory, kept up to date by what committed transactions say and by reading all of them again now
 * and then.
 */
export abstract class LiveRows<Row, Change, Index extends LiveIndex<Row, Change>> implements NotificationListener {
  // What was said while the rows are being read belongs after them.
  private held: Change[] | undefined;
  private reading: Promise<void> | undefined;
  private failure: Error | undefined;
  private fingerprint: string | undefined;

  constructor(
    readonly index: Index,
    private readonly source: LiveSource<Row>,
    private readonly events: LiveRowsEvents,
  ) {}

  /** Why the rows may be out of date; `undefined` when they are not. */
  get problem(): Error | undefined {
    return this.failure;
  }

  /** Takes what was said. */
  abstract message(payload: string): void;

  resumed(): void {
    void this.refresh();
  }

  protected apply(change: Change): void {
    if (this.held === undefined) this.index.apply(change);
    else this.held.push(change);
  }

  /**
   * Reads all rows as they are from now on, for what is being read already may be older; if none has changed since they
   * were last read, it is over at once.
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
