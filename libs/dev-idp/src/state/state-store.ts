import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { AdapterPayload } from 'oidc-provider';
import { DevIdpError, systemErrorCode } from '../errors.js';

/** One stored thing: a grant, a refresh token, a device code, a session. */
export interface StoredEntry {
  readonly payload: AdapterPayload;
  /** In seconds since 1970; absent for what never expires. */
  readonly expiresAt?: number;
}

// An expired device code is still found for a while: its client is told `expired_token`, not `invalid_grant`.
const keepExpiredSeconds = 3600;

/** The provider's state: in memory, and in one file replaced as a whole after every change if there is a path. */
export class StateStore {
  readonly #entries: Map<string, StoredEntry>;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(
    private readonly path: string | undefined,
    entries: Iterable<readonly [string, StoredEntry]>,
  ) {
    this.#entries = new Map(entries);
  }

  /** Opens the state kept at `path`, or an empty one. @throws {DevIdpError} when the file cannot be understood. */
  static async open(path?: string): Promise<StateStore> {
    return new StateStore(path, path === undefined ? [] : await readEntries(path));
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
    if (this.path === undefined) {
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
    const text = JSON.stringify({ version: 1, entries: [...this.#entries] });
    if (this.path !== undefined) await writeFileAtomic(this.path, text, { mode: 0o600 });
  }

  #purge(): void {
    const oldest = Date.now() / 1000 - keepExpiredSeconds;
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt !== undefined && expiresAt < oldest) this.#entries.delete(key);
    }
  }
}

async function readEntries(path: string): Promise<[string, StoredEntry][]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw new DevIdpError(`cannot read ${path} (${systemErrorCode(error) ?? 'unknown error'})`, { cause: error });
  }
  try {
    // Written by this class alone; a file that was tampered with is refused by its shape.
    const state = JSON.parse(text) as { version?: unknown; entries?: [string, StoredEntry][] };
    if (state.version === 1 && Array.isArray(state.entries)) return state.entries;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DevIdpError(`${path} is damaged; move it away to start with an empty state`);
}
