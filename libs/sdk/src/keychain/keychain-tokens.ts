import type { KeychainSignIn, StoredTokens } from '../user-entry.js';
import type { Keychain } from './keychain.js';
import { KeychainError, systemKeychain } from './keychain.js';
import type { ProgramWorld } from './run-program.js';
import { accountsOf, decodeTokens, encodeTokens } from './token-item.js';

/** The tokens of one configuration file in the keychain. */
export class KeychainTokens {
  constructor(
    private readonly keychain: Keychain,
    private readonly configPath: string,
  ) {}

  /** @throws {KeychainError} when this system has no keychain. */
  static async open(world: ProgramWorld, configPath: string, platform?: string): Promise<KeychainTokens> {
    return new KeychainTokens(await systemKeychain(world, platform), configPath);
  }

  /** @returns `undefined` when they are gone. @throws {KeychainError} when they cannot be read. */
  async read(signIn: KeychainSignIn): Promise<StoredTokens | undefined> {
    if (!this.isOwn(signIn)) return undefined;
    const text = await this.keychain.read(signIn.item);
    return text === undefined ? undefined : decodeTokens(text);
  }

  /** An account for a new sign-in of a user, other than the one of the old. */
  accountFor(userName: string, taken: string | undefined): string {
    const [first, second] = accountsOf(this.configPath, userName);
    return taken === first ? second : first;
  }

  /** Stores tokens, and makes sure that they are there whole. @throws {KeychainError} when they are not. */
  async write(account: string, tokens: StoredTokens): Promise<void> {
    const text = encodeTokens(tokens);
    await this.keychain.write(account, text);
    if ((await this.keychain.read(account)) === text) return;
    await this.keychain.remove(account); // half of a secret serves nobody
    throw new KeychainError('it did not keep what was stored, which may be too large for it', 'Ask for smaller tokens');
  }

  /** @throws {KeychainError} when they cannot be removed. */
  async remove(signIn: KeychainSignIn): Promise<void> {
    if (this.isOwn(signIn)) await this.keychain.remove(signIn.item);
  }

  removeCommand({ item }: KeychainSignIn): string {
    return this.keychain.removeCommand(item);
  }

  /** A file that came from somewhere else may name what is another file's, to have it sent to its own platform. */
  private isOwn({ userName, item }: KeychainSignIn): boolean {
    return accountsOf(this.configPath, userName).includes(item);
  }
}
