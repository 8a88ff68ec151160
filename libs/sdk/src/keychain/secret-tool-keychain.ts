import type { Keychain } from './keychain.js';
import { KEYCHAIN_SERVICE } from './keychain.js';
import type { KeychainProgram } from './keychain-program.js';
import { programFailure, runKeychainProgram } from './keychain-program.js';
import type { ProgramWorld } from './run-program.js';

const program: KeychainProgram = {
  command: 'secret-tool',
  installAdvice: 'Install it (Debian, Ubuntu: libsecret-tools; Fedora, Arch: libsecret)',
  startAdvice: 'Start a keyring (GNOME Keyring, KWallet, KeePassXC) in this session',
};

/** What serves as a keychain on Linux desktops, by libsecret's program. @see https://specifications.freedesktop.org/secret-service/ */
export class SecretToolKeychain implements Keychain {
  constructor(private readonly world: ProgramWorld) {}

  async read(account: string): Promise<string | undefined> {
    const result = await runKeychainProgram(program, ['lookup', ...attributesOf(account)], '', this.world);
    if (result.exitCode === 0) return result.stdout;
    // It fails without a word when there is nothing.
    if (result.exitCode === 1 && result.stderr.trim() === '') return undefined;
    throw programFailure(program, result);
  }

  /** It puts the secret in the place of one with the same attributes. */
  async write(account: string, secret: string): Promise<void> {
    const args = ['store', `--label=nemo: sign-in ${account}`, ...attributesOf(account)];
    const result = await runKeychainProgram(program, args, secret, this.world);
    if (result.exitCode !== 0) throw programFailure(program, result);
  }

  async remove(account: string): Promise<void> {
    const result = await runKeychainProgram(program, ['clear', ...attributesOf(account)], '', this.world);
    if (result.exitCode !== 0 && result.stderr.trim() !== '') throw programFailure(program, result);
  }

  removeCommand(account: string): string {
    return ['secret-tool clear', ...attributesOf(account)].join(' ');
  }
}

function attributesOf(account: string): string[] {
  return ['service', KEYCHAIN_SERVICE, 'account', account];
}
