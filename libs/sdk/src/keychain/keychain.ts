import type { ProgramWorld } from './run-program.js';

/** The service under which everything of this product stands in a keychain. */
export const KEYCHAIN_SERVICE = 'nmp';

/** A place of the operating system for secrets, which are found by an account name under the service `nmp`. */
export interface Keychain {
  /** @returns `undefined` when there is none. @throws {KeychainError} when the keychain cannot be asked. */
  read(account: string): Promise<string | undefined>;
  /** Puts a secret in the place of the one that is there. @throws {KeychainError} when it cannot be stored whole. */
  write(account: string, secret: string): Promise<void>;
  /** Removes a secret; there may be none. @throws {KeychainError} when the keychain cannot be asked. */
  remove(account: string): Promise<void>;
  /** What a person types to remove one. */
  removeCommand(account: string): string;
}

/** The keychain cannot be used. The message is the reason, the rest of a sentence; it holds nothing secret. */
export class KeychainError extends Error {
  /** @param advice What a person can do so that it can be. */
  constructor(
    message: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'KeychainError';
  }
}

/**
 * The keychain of this operating system.
 * @throws {KeychainError} when there is none that this package knows.
 */
export async function systemKeychain(world: ProgramWorld, platform: string = process.platform): Promise<Keychain> {
  if (platform === 'linux') return new (await import('./secret-tool-keychain.js')).SecretToolKeychain(world);
  if (platform === 'darwin') return new (await import('./macos-keychain.js')).MacosKeychain(world);
  throw new KeychainError(
    `none is supported on this system (${platform})`,
    'Keep the configuration file where nobody else can read it',
  );
}
