import type { Keychain } from './keychain.js';
import { KEYCHAIN_SERVICE, KeychainError } from './keychain.js';
import type { KeychainProgram } from './keychain-program.js';
import { programFailure, runKeychainProgram } from './keychain-program.js';
import type { ProgramResult, ProgramWorld } from './run-program.js';

const program: KeychainProgram = {
  command: 'secret-tool',
  installAdvice: 'Install it (Debian, Ubuntu: libsecret-tools; Fedora, Arch: libsecret)',
  startAdvice: 'Start a keyring (GNOME Keyring, KWallet, KeePassXC) in this session',
};

/** What serves as a keychain on Linux desktops, by libsecret's program. @see https://specifications.freedesktop.org/secret-service/ */
export class SecretToolKeychain implements Keychain {
  constructor(private readonly world: ProgramWorld) {}

  async read(account: string): Promise<string | undefined> {
    const result = await this.run('lookup', account);
    if (result.exitCode === 0) return result.stdout;
    await this.makeSureOfNothing(account, result);
    return undefined;
  }

  /** It puts the secret in the place of one with the same attributes. */
  async write(account: string, secret: string): Promise<void> {
    const args = ['store', `--label=nemo: sign-in ${account}`, ...attributesOf(account)];
    const result = await runKeychainProgram(program, args, secret, this.world);
    if (result.exitCode !== 0) throw programFailure(program, result);
  }

  async remove(account: string): Promise<void> {
    const result = await this.run('clear', account);
    if (result.exitCode !== 0) await this.makeSureOfNothing(account, result);
  }

  removeCommand(account: string): string {
    return ['secret-tool clear', ...attributesOf(account)].join(' ');
  }

  /** It fails without a word when there is nothing, and when the person who was asked to unlock it did not: only then it finds something. */
  private async makeSureOfNothing(account: string, failure: ProgramResult): Promise<void> {
    if (failure.exitCode !== 1 || failure.stderr.trim() !== '') throw programFailure(program, failure);
    const found = await this.run('search', account);
    if (found.exitCode !== 0) throw programFailure(program, found);
    if (found.stdout.trim() !== '') throw new KeychainError('it is locked', 'Unlock it');
  }

  private run(verb: 'lookup' | 'clear' | 'search', account: string): Promise<ProgramResult> {
    return runKeychainProgram(program, [verb, ...attributesOf(account)], '', this.world);
  }
}

function attributesOf(account: string): string[] {
  return ['service', KEYCHAIN_SERVICE, 'account', account];
}
