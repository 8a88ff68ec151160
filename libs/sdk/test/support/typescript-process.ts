import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a child process left. */
export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A child process that runs a TypeScript file of this repository. */
export class TypescriptProcess {
  private readonly written = { stdout: '', stderr: '' };
  private readonly end: Promise<unknown>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk: Buffer) => {
      this.written.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.written.stderr += chunk.toString();
    });
    this.end = once(child, 'close');
  }

  static start(file: string, args: string[], env: Record<string, string>): TypescriptProcess {
    return TypescriptProcess.spawn([file, ...args], env);
  }

  /** Runs a program given as text; what it imports is looked for from here. */
  static evaluate(code: string, env: Record<string, string>): TypescriptProcess {
    return TypescriptProcess.spawn(['--input-type=module', '--eval', code], env);
  }

  private static spawn(args: string[], variables: Record<string, string>): TypescriptProcess {
    const register = join(import.meta.dirname, 'typescript-register.mjs');
    const nodeArgs = ['--no-warnings', '--conditions', 'nmp-source', '--import', register, ...args];
    const env = { PATH: process.env.PATH ?? '', ...variables };
    return new TypescriptProcess(spawn(process.execPath, nodeArgs, { cwd: import.meta.dirname, env }));
  }

  /** Waits until a text has come out on stderr; fails if the process ends before. */
  async says(text: string): Promise<void> {
    while (!this.written.stderr.includes(text)) {
      const ended = await Promise.race([once(this.child.stderr, 'data').then(() => false), this.end.then(() => true)]);
      if (ended && !this.written.stderr.includes(text))
        throw new Error(`Ended without "${text}": ${this.written.stderr}`);
    }
  }

  /** Reads no more of what it writes. */
  close(output: 'stdout' | 'stderr'): void {
    this.child[output].destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async result(): Promise<ProcessResult> {
    await this.end;
    return { ...this.written, exitCode: this.child.exitCode };
  }
}
