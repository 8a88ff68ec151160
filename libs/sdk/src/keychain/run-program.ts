import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Clock } from '../clock.js';

/** How a program ended, and what it said. */
export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program runs with. */
export interface ProgramWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

/** A program did not end in time, and was killed. */
export class ProgramTimeoutError extends Error {}

/** A program said more than anybody wants to know, and was killed. */
export class ProgramOutputError extends Error {}

const MAX_OUTPUT_BYTES = 1_048_576;

/** How long a program may take. */
export const PROGRAM_LIMIT_MS = 3000;

/**
 * Runs a program of the system, without a shell, and gives it a text on stdin.
 * @throws {ProgramTimeoutError} when it takes longer than {@link PROGRAM_LIMIT_MS}.
 * @throws {ProgramOutputError} when it says more than a mebibyte.
 * @throws what the system says (`code`: `ENOENT` …) when it cannot be started.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  input: string,
  { env, clock }: ProgramWorld,
): Promise<ProgramResult> {
  // In a group of its own: Ctrl-C ends what this process does with the answer, not the program in the middle of writing.
  const options = { env: withoutOwnSettings(env), detached: hasGroups, stdio: 'pipe', windowsHide: true } as const;
  const child = spawn(command, args, options);
  const over = new AbortController();
  const limit = clock.sleep(PROGRAM_LIMIT_MS, over.signal).then(
    () => 'late' as const,
    () => 'over' as const, // the program had ended before
  );
  try {
    const result = resultOf(child, input);
    const first = await Promise.race([result, limit]);
    if (first !== 'late') return await result;
    void result.catch(() => undefined); // nobody waits for it any more
    throw new ProgramTimeoutError(`${command} did not answer`);
  } finally {
    over.abort();
    end(child);
  }
}

const hasGroups = process.platform !== 'win32';

/** What is ours in the environment may be secret, and is nothing to other programs. */
function withoutOwnSettings(env: ProgramWorld['env']): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('NMP_')));
}

function resultOf(child: ChildProcessWithoutNullStreams, input: string): Promise<ProgramResult> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdin.on('error', () => undefined); // a program that reads nothing tells by its exit code what it made of it
  child.stdin.end(input);
  const textOf = (name: keyof typeof chunks): string => Buffer.concat(chunks[name]).toString('utf8');
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const keep = (name: keyof typeof chunks, chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) reject(new ProgramOutputError(`${child.spawnfile} says too much`));
      else chunks[name].push(chunk);
    };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => keep(name, chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout: textOf('stdout'), stderr: textOf('stderr') }));
  });
}

/** Also lets go of the pipes: a child of the program may hold them open, and this process with them. */
function end(child: ChildProcessWithoutNullStreams): void {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (isRunning && hasGroups) killGroup(child.pid);
  else if (isRunning) child.kill('SIGKILL');
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  child.unref();
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // kill throws nothing else
    if (code !== 'ESRCH' && code !== 'EPERM') throw error; // it has just ended
  }
}
