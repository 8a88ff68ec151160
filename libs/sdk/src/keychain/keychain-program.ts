import { printable } from '../text.js';
import { KeychainError } from './keychain.js';
import type { ProgramResult, ProgramWorld } from './run-program.js';
import { PROGRAM_LIMIT_MS, ProgramOutputError, ProgramTimeoutError, runProgram } from './run-program.js';

/** The program that speaks for a keychain, and what to do about it. */
export interface KeychainProgram {
  readonly command: string;
  readonly installAdvice: string;
  readonly startAdvice: string;
}

const unlockAdvice = 'Unlock the keychain, or see whether it is running';

/**
 * Runs a keychain's program.
 * @throws {KeychainError} when it is not there, or does not answer in time and in few words.
 */
export async function runKeychainProgram(
  { command, installAdvice }: KeychainProgram,
  args: readonly string[],
  input: string,
  world: ProgramWorld,
): Promise<ProgramResult> {
  try {
    return await runProgram(command, args, input, world);
  } catch (error) {
    if (error instanceof ProgramTimeoutError) {
      const reason = `${command} did not answer within ${PROGRAM_LIMIT_MS / 1000} s`;
      throw new KeychainError(reason, unlockAdvice, { cause: error });
    }
    if (error instanceof ProgramOutputError) {
      throw new KeychainError(`${command} says more than a keychain would`, installAdvice, { cause: error });
    }
    const { code } = error as NodeJS.ErrnoException; // what else comes from starting a program
    if (code === 'ENOENT') throw new KeychainError(`${command} is not installed`, installAdvice, { cause: error });
    throw new KeychainError(`${command} cannot be started (${code ?? 'unknown error'})`, installAdvice, {
      cause: error,
    });
  }
}

/** The error for a program that says no, with its own words. */
export function programFailure(
  { command, startAdvice }: KeychainProgram,
  { exitCode, stderr }: ProgramResult,
): KeychainError {
  const [line = ''] = withoutSecrets(stderr).trim().split('\n');
  const words = printable(line, 150)
    .replace(new RegExp(`^${command}: `), '')
    .replace(/\.$/, '');
  return new KeychainError(`${command} failed: ${words || `exit code ${exitCode ?? 'unknown'}`}`, startAdvice);
}

/** The program may repeat what it was given. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/[\w.%&=+/:*-]{32,}/g, '…');
}
