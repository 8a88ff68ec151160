import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const driver = join(import.meta.dirname, 'terminal.py');
const program = join(import.meta.dirname, 'start-main.ts');
const register = join(import.meta.dirname, '..', '..', '..', 'sdk', 'test', 'support', 'typescript-register.mjs');

/** What a person does at a terminal: waits for a text, then presses keys. */
export type TerminalStep = readonly [waitFor: string, press: string];

/** What a command left on a terminal. */
export interface TerminalResult {
  readonly shown: string;
  readonly exitCode: number;
}

/** Why there is no pseudo-terminal on this machine, if there is none. */
export function terminalProblem(): string | undefined {
  if (process.platform === 'win32') return 'Windows has no pseudo-terminals of this kind';
  const { status } = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']);
  return status === 0 ? undefined : 'it takes python3 (3.9 or newer) with its module pty';
}

/** Runs the program on a pseudo-terminal. */
export async function onTerminal(
  args: readonly string[],
  steps: readonly TerminalStep[],
  env: Record<string, string>,
): Promise<TerminalResult> {
  const node = [process.execPath, '--no-warnings', '--conditions', 'nmp-source', '--import', register, program];
  const { stdout } = await promisify(execFile)('python3', [driver, JSON.stringify(steps), ...node, ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...env },
  });
  return JSON.parse(stdout) as TerminalResult; // the driver's own words
}
