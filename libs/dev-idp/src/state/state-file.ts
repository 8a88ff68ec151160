import { readFile, rename } from 'node:fs/promises';
import type { AdapterPayload } from 'oidc-provider';
import writeFileAtomic from 'write-file-atomic';
import { DevIdpError, systemErrorCode, systemErrorReason } from '../errors.js';
import type { Logger } from '../logger.js';
import { silentLogger } from '../logger.js';
import { closeToOthers } from './private-file.js';

/** One stored thing: a grant, a refresh token, a device code, a session. */
export interface StoredEntry {
  readonly payload: AdapterPayload;
  /** In seconds since 1970; absent for what never expires. */
  readonly expiresAt?: number;
}

/** What a state file needs of its surroundings. */
export interface StateFileOptions {
  /** @default silent */
  readonly logger?: Logger;
  /** Asked before every write; throws when the file is no longer this process's own. @default always its own */
  readonly assertHeld?: () => void;
}

/** The file that keeps the provider's state, replaced as a whole at every change. */
export class StateFile {
  readonly #logger: Logger;
  readonly #assertHeld: () => void;

  constructor(
    private readonly path: string,
    { logger = silentLogger, assertHeld = () => {} }: StateFileOptions = {},
  ) {
    this.#logger = logger;
    this.#assertHeld = assertHeld;
  }

  /**
   * The entries of the file, none when there is no file yet. A damaged file is set aside, for sign-ins are quickly done
   * again; a sound one of another kind stays where it is.
   * @throws {DevIdpError} when the file cannot be read or is somebody else's.
   */
  async read(): Promise<[string, StoredEntry][]> {
    const text = await this.#readText();
    if (text === undefined) return [];
    const entries = this.#parse(text);
    if (entries === undefined) await this.#setAside();
    else await closeToOthers(this.path, this.#logger);
    return entries ?? [];
  }

  /**
   * Replaces the file; a process killed meanwhile leaves the old one or the new one.
   * @throws {DevIdpError} when it cannot be written
   */
  async write(entries: Iterable<readonly [string, StoredEntry]>): Promise<void> {
    this.#assertHeld();
    try {
      await writeFileAtomic(this.path, JSON.stringify({ version: 1, entries: [...entries] }), { mode: 0o600 });
    } catch (error) {
      throw new DevIdpError(`cannot write ${this.path} (${systemErrorReason(error)})`, { cause: error });
    }
  }

  async #readText(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw new DevIdpError(
        `cannot read ${this.path} (${systemErrorReason(error)}): make it readable, or move it away to start with an empty state`,
        { cause: error },
      );
    }
  }

  #parse(text: string): [string, StoredEntry][] | undefined {
    let state: unknown;
    try {
      state = JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
    const { version, entries } = Object(state) as { version?: unknown; entries?: unknown };
    if (version === 1) return Array.isArray(entries) && entries.every(isEntry) ? entries : undefined;
    throw new DevIdpError(
      `${this.path} was not written by this version of the identity provider: move it away, or choose another data directory`,
    );
  }

  async #setAside(): Promise<void> {
    const aside = `${this.path}.corrupt-${new Date(Date.now()).toISOString().replaceAll(':', '-')}`;
    await rename(this.path, aside);
    this.#logger.warn(
      `${this.path} is damaged: it was set aside as ${aside}, and everybody signs in again; the keys stay`,
    );
  }
}

function isEntry(value: unknown): value is [string, StoredEntry] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { payload, expiresAt } = Object(value[1]) as { payload?: unknown; expiresAt?: unknown };
  const hasExpiry = expiresAt === undefined || typeof expiresAt === 'number';
  return typeof payload === 'object' && payload !== null && hasExpiry;
}
