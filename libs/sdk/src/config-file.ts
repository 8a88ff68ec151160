import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigDocument } from './config-document.js';
import { fileLockTarget, withLock } from './config-lock.js';
import { ConfigError } from './errors.js';
import { ownersOf, ownershipProblem } from './file-ownership.js';
import { makeDirectory } from './make-directory.js';

/** The configuration file that the command line and the SDK share. */
export class ConfigFile {
  private isDirectoryChecked = false;
  private understood: { readonly text: string; readonly document: ConfigDocument } | undefined;

  /**
   * @param onWarning Told once when others on this machine could put another file in this one's place.
   * @param user Whose file it must be, where files have owners. @default who runs this process
   */
  constructor(
    readonly path: string,
    private readonly onWarning?: (message: string) => void,
    private readonly user = process.getuid?.(),
  ) {}

  /**
   * Reads the file; one that is not there is empty.
   * @throws {ConfigError} when it cannot be read or understood, is another user's, or others can read the secrets in it.
   */
  async read(): Promise<ConfigDocument> {
    const text = await this.readText();
    // What did not change is not taken apart again: that takes longer than reading it.
    if (this.understood?.text !== text) this.understood = { text, document: ConfigDocument.parse(text, this.path) };
    const { document } = this.understood;
    if (document.hasSecrets) await this.refuseOpenPermissions();
    if (this.onWarning && !this.isDirectoryChecked) await this.warnOfOpenDirectory(this.onWarning);
    return document;
  }

  /**
   * Changes the file: under its lock it is read again, changed and replaced as a whole, so that neither another process's
   * change nor, in a crash, the old content is lost.
   * @returns what the change returns
   * @throws {ConfigError} when the file cannot be read or written.
   */
  async update<T>(change: (document: ConfigDocument) => T | Promise<T>): Promise<T> {
    return withLock(await fileLockTarget(this.path), async () => {
      await this.read(); // it refuses what must not be written either
      const document = ConfigDocument.parse(await this.readText(), this.path);
      const result = await change(document);
      await this.replace(document.toString());
      return result;
    });
  }

  /**
   * Finds out whether the file can be changed, before anybody goes to trouble that would be in vain.
   * @throws {ConfigError} when it cannot.
   */
  async checkWritable(): Promise<void> {
    await withLock(await fileLockTarget(this.path), () => Promise.resolve());
  }

  private async readText(): Promise<string> {
    await this.refuseForeignFile();
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw this.unreadable(error);
    });
  }

  private async replace(text: string): Promise<void> {
    const directory = dirname(this.path);
    try {
      await makeDirectory(directory, 0o700);
      const { default: writeFileAtomic } = await import('write-file-atomic');
      await writeFileAtomic(this.path, text, { mode: 0o600 });
      await syncDirectory(directory);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException; // only file system calls are above
      const problem = `The configuration file ${this.path} cannot be written (${code ?? 'unknown error'}).`;
      throw new ConfigError(`${problem} Check its directory and the space left, then try again`, { cause: error });
    }
  }

  /** Somebody else's file could send this user's sign-in to a platform of theirs. */
  private async refuseForeignFile(): Promise<void> {
    const owners = await ownersOf(this.path).catch((error: NodeJS.ErrnoException) => {
      throw this.unreadable(error);
    });
    const problem = owners && this.user !== undefined ? ownershipProblem(owners, this.user) : undefined;
    if (problem === undefined) return;
    const advice = `Take it over: sudo ${problem.remedy} $(id -u) ${this.path}, or set NMP_CONFIG_FILE to another file`;
    throw new ConfigError(`The configuration file ${this.path} ${problem.what}. ${advice}`);
  }

  private async refuseOpenPermissions(): Promise<void> {
    if (process.platform === 'win32') return;
    const { mode } = await stat(this.path);
    if ((mode & 0o077) === 0) return;
    throw new ConfigError(
      `The configuration file ${this.path} holds tokens and other users can reach it. Run: chmod 600 ${this.path}`,
    );
  }

  /** Others who can write to the directory can swap the file for one that names a platform of theirs. */
  private async warnOfOpenDirectory(warn: (message: string) => void): Promise<void> {
    this.isDirectoryChecked = true;
    if (process.platform === 'win32') return;
    const directory = dirname(this.path);
    const found = await stat(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined; // it is made when there is something to write, and is closed then
      throw this.unreadable(error);
    });
    // A sticky directory, such as /tmp, lets nobody replace the files of others.
    if (found === undefined || (found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0) return;
    warn(
      `Other users can write to ${directory}, and replace the configuration file there. Run: chmod go-w ${directory}`,
    );
  }

  private unreadable(error: NodeJS.ErrnoException): ConfigError {
    const problem = `The configuration file ${this.path} cannot be read (${error.code ?? error.message}).`;
    return new ConfigError(`${problem} Correct its permissions, or set NMP_CONFIG_FILE to another file`, {
      cause: error,
    });
  }
}

/** Makes a rename last through a power cut. Systems whose directories cannot be synced do without. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
