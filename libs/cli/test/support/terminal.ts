import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const driver = join(import.meta.dirname, 'terminal.py');
const program = join(import.meta.dirname, 'start-main.ts');
const register = join(import.meta.dirname, '..', '..', '..', 'sdk', 'test', 'support', 'typescript-register.mjs');

/** What a person does at a terminal: waits for a text, then presses keys, or does something elsewhere. */
export type TerminalStep = readonly [waitFor: string, then: string | ((processId: number) => void)];

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
  const keys = steps.map(([waitFor, then]) => [waitFor, typeof then === 'string' ? then : '']);
  const child = spawn('python3', [driver, JSON.stringify(keys), ...node, ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const todo = [...steps];
  createInterface(child.stderr).on('line', (said) => {
    const [, then] = todo.shift() ?? [];
    if (typeof then === 'function') then(Number(said.split(' ')[1]));
  });
  return JSON.parse(await text(child.stdout)) as TerminalResult; // the driver's own words
}

/** What is left to read on a terminal: a line begins anew where it was cleared. */
export function screenOf(shown: string): string {
  const lines = shown.split('\r\n').map((line) => line.split('\r\u001b[K').at(-1) ?? '');
  return lines.join('\n');
}
