import type { StateFile, StoredEntry } from './state-file.js';

// An expired device code is still found for a while: its client is told `expired_token`, not `invalid_grant`.
const keepExpiredSeconds = 3600;

/** The provider's state: in memory, and after every change in its file if it has one. */
export class StateStore {
  readonly #entries: Map<string, StoredEntry>;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(
    private readonly file: StateFile | undefined,
    entries: Iterable<readonly [string, StoredEntry]>,
  ) {
    this.#entries = new Map(entries);
  }

  /** Opens the state a file keeps, or an empty one. @throws {DevIdpError} when the file cannot be used. */
  static async open(file?: StateFile): Promise<StateStore> {
    return new StateStore(file, file === undefined ? [] : await file.read());
  }

  get(key: string): StoredEntry | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, StoredEntry]> {
    return this.#entries.entries();
  }

  /** Stores an entry; resolves once it would survive the end of the process. */
  async set(key: string, entry: StoredEntry): Promise<void> {
    this.#entries.set(key, entry);
    await this.flush();
  }

  async delete(keys: readonly string[]): Promise<void> {
    let removed = 0;
    for (const key of keys) if (this.#entries.delete(key)) removed += 1;
    if (removed > 0) await this.flush();
  }

  /** Writes the file; changes made while it is being written go together into the next one. */
  async flush(): Promise<void> {
    if (this.file === undefined) {
      this.#purge();
      return;
    }
    this.#next ??= this.#writeAfter(this.#writing);
    await this.#next;
  }

  async #writeAfter(previous: Promise<void> | undefined): Promise<void> {
    // A failed earlier write was reported to its own caller; this one is tried all the same.
    await previous?.catch(() => undefined);
    this.#writing = this.#next;
    this.#next = undefined;
    this.#purge();
    await this.file?.write(this.#entries);
  }

  #purge(): void {
    const oldest = Date.now() / 1000 - keepExpiredSeconds;
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt !== undefined && expiresAt < oldest) this.#entries.delete(key);
    }
  }
}
