import type { NotificationListener } from './notifications.js';

/** What rows of the database are held in, in memory. */
export interface LiveIndex<Row, Change> {
  apply(change: Change): void;
  /** Makes it hold these and no others. */
  replaceAll(rows: Iterable<Row>): void;
}

/** Where the rows are read from. A name is what a notification calls a row by. */
export interface LiveSource<Row, Name, Change> {
  readAll(): Promise<Iterable<Row>>;
  /** What has become of rows that may have changed, at least of those in the table. */
  readNamed(names: readonly Name[]): Promise<Iterable<Change>>;
  /** Something short that is another whenever a row has come, changed or gone. */
  fingerprint(): Promise<string>;
}

/** Told what becomes of reading. */
export interface LiveRowsEvents {
  /** All rows were read, or found to be the same; or they could not be. */
  attempted?(isRead: boolean): void;
  /** Reading failed; what was read before goes on being used. */
  failed(error: unknown): void;
  /** It can be read again. */
  recovered(): void;
}

const UNCHANGED_READS = 9;
const MAX_NAMES = 500;

/**
 * Rows of the database in memory. Whoever may connect to the database can say anything on its channels, so that what is
 * said is a hint, and no more: the rows it names are read, those of several hints at once. All of them are read again now
 * and then.
 */
export abstract class LiveRows<
  Row,
  Name,
  Change,
  Index extends LiveIndex<Row, Change>,
> implements NotificationListener {
  private hints: Name[] = [];
  private reading: Promise<void> | undefined;
  private nextLoad: Promise<void> | undefined;
  private failure: Error | undefined;
  private fingerprint: string | undefined;
  // How often nothing has been read because the fingerprint was the same.
  private unchanged = 0;
  // Whether a hint could not be followed: then reading all rows is all that helps.
  private isBehind = false;

  constructor(
    readonly index: Index,
    private readonly source: LiveSource<Row, Name, Change>,
    private readonly events: LiveRowsEvents,
  ) {}

  /** Why the rows may be out of date; `undefined` when they are not. */
  get problem(): Error | undefined {
    return this.failure;
  }

  /**
   * Takes what was said.
   * @throws when it makes no sense.
   */
  abstract message(payload: string): void;

  resumed(): void {
    void this.refresh();
  }

  /** The row of that name may have changed. */
  protected hint(name: Name): void {
    this.hints.push(name);
    if (this.hints.length > 1) return; // read along with the one before
    this.inTurn(() => this.follow()).catch(() => undefined);
  }

  /**
   * Waits until all that was said so far is in the index.
   * @throws when it cannot be read.
   */
  async settled(): Promise<void> {
    await this.reading?.catch(() => undefined);
    if (this.isBehind) await this.load();
  }

  /**
   * Reads all rows as they are from now on, for what is being read already may be older; if none has changed since they
   * were last read, it is mostly over at once.
   * @throws when they cannot be read.
   */
  load(): Promise<void> {
    this.nextLoad ??= this.inTurn(() => {
      this.nextLoad = undefined;
      return this.read();
    });
    return this.nextLoad;
  }

  /** As {@link load}; never rejects: a failure is reported as an event. */
  async refresh(): Promise<void> {
    await this.load().catch(() => undefined);
  }

  /** One after the other, so that nothing older comes after what is newer. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.reading;
    const reading = (async () => {
      await before?.catch(() => undefined);
      await work();
    })();
    this.reading = reading;
    return reading;
  }

  private async follow(): Promise<void> {
    const names = this.hints;
    this.hints = [];
    if (names.length <= MAX_NAMES && !this.isBehind) {
      try {
        for (const change of await this.source.readNamed(names)) this.index.apply(change);
        return;
      } catch {
        // Perhaps the connection broke: tried once more, with all rows.
      }
    }
    this.isBehind = true;
    await this.read();
  }

  private async read(): Promise<void> {
    try {
      // Taken first: a change while they are read makes it out of date, and they are read once more than needed.
      const fingerprint = await this.source.fingerprint();
      const isSame = fingerprint === this.fingerprint && !this.isBehind;
      this.unchanged = isSame && this.unchanged < UNCHANGED_READS ? this.unchanged + 1 : 0;
      if (this.unchanged === 0) this.index.replaceAll(await this.source.readAll());
      this.fingerprint = fingerprint;
      this.isBehind = false;
      this.events.attempted?.(true);
      if (this.failure !== undefined) this.events.recovered();
      this.failure = undefined;
    } catch (error) {
      this.events.attempted?.(false);
      if (this.failure === undefined) this.events.failed(error);
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}
