import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';

// What the CommonJS packages in the bundle expect to be there.
const commonjsNames = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const __filename = import.meta.filename;`;

/** How a run of the program ended. */
export interface BundledResult {
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A TypeScript program of the tests in one file, so that many processes of it start quickly. */
export class BundledProgram {
  private constructor(
    private readonly file: string,
    private readonly env: Record<string, string>,
  ) {}

  /** @param directory where the file goes @param env what the processes see of the environment */
  static async create(source: string, directory: string, env: Record<string, string>): Promise<BundledProgram> {
    const file = join(directory, 'program.mjs');
    await build({
      entryPoints: [source],
      outfile: file,
      bundle: true,
      minify: true, // there is less to parse
      lineLimit: 200, // Node shows the line where a program broke
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['nmp-source'],
      external: ['undici'],
      banner: { js: commonjsNames },
      logLevel: 'silent',
    });
    return new BundledProgram(file, env);
  }

  start(...args: string[]): BundledProcess {
    const env = { PATH: process.env.PATH ?? '', ...this.env };
    return new BundledProcess(
      spawn(process.execPath, [this.file, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] }),
    );
  }
}

/** One process of a {@link BundledProgram}. */
export class BundledProcess {
  private stderr = '';
  private readonly end: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.end = once(child, 'close');
  }

  /** Ends the process on the spot: it learns nothing of it. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  async result(): Promise<BundledResult> {
    await this.end;
    return { stderr: this.stderr, exitCode: this.child.exitCode };
  }
}
