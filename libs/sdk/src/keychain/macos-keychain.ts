import type { Keychain } from './keychain.js';
import { KEYCHAIN_SERVICE, KeychainError } from './keychain.js';
import type { KeychainProgram } from './keychain-program.js';
import { programFailure, runKeychainProgram } from './keychain-program.js';
import type { ProgramWorld } from './run-program.js';

const program: KeychainProgram = {
  command: 'security',
  installAdvice: 'It is a part of macOS: see whether /usr/bin is in the PATH',
  startAdvice: 'Unlock the login keychain: security unlock-keychain',
};

const notFound = 44;
// The program reads a command into a buffer of this size, and would cut what is longer.
const longestCommand = 4096;

/** The keychain of macOS, by the system's program. Secrets go to it on stdin: arguments can be seen by everybody. */
export class MacosKeychain implements Keychain {
  constructor(private readonly world: ProgramWorld) {}

  async read(account: string): Promise<string | undefined> {
    const result = await this.run(['find-generic-password', ...attributesOf(account), '-w']);
    if (result.exitCode === notFound) return undefined;
    if (result.exitCode !== 0) throw programFailure(program, result);
    return result.stdout.replace(/\n$/, '');
  }

  /** `-U` puts the secret in the place of the one that is there. */
  async write(account: string, secret: string): Promise<void> {
    const words = ['add-generic-password', '-U', ...attributesOf(account), '-l', 'nemo: sign-in', '-w', secret];
    const command = `${words.map(quoted).join(' ')}\n`;
    if (Buffer.byteLength(command) > longestCommand)
      throw new KeychainError('the tokens are too large for it', 'Ask for smaller tokens');
    const result = await this.run(['-i'], command);
    if (result.exitCode !== 0) throw programFailure(program, result);
  }

  async remove(account: string): Promise<void> {
    const result = await this.run(['delete-generic-password', ...attributesOf(account)]);
    if (result.exitCode !== 0 && result.exitCode !== notFound) throw programFailure(program, result);
  }

  removeCommand(account: string): string {
    return `security delete-generic-password ${attributesOf(account).join(' ')}`;
  }

  private run(args: readonly string[], input = '') {
    return runKeychainProgram(program, args, input, this.world);
  }
}

function attributesOf(account: string): string[] {
  return ['-s', KEYCHAIN_SERVICE, '-a', account];
}

function quoted(word: string): string {
  return `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
