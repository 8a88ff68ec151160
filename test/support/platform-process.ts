import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a platform process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The built service as a process of its own. Sees no environment but what it is given. */
export class PlatformProcess {
  readonly ending: Promise<Ending>;
  /** Where it listens; never settles when it does not come to that. */
  readonly url: Promise<string>;
  /** What it has said on stdout so far. */
  output = '';
  private readonly child: ChildProcess;

  constructor(environment: Readonly<Record<string, string>>) {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, ['dist/main.js'], { cwd: root, env: { PATH, ...environment } });
    this.child = child;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    this.ending = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null, // the arguments of the event
      signal: signal as NodeJS.Signals | null,
      stderr,
    }));
    this.url = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.output += `${line}\n`;
        const url = /Listening on (http:[^"\s]+)/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits until it listens. @throws {Error} with what it said, when it ends instead. */
  async ready(): Promise<string> {
    const failure = this.ending.then(({ code, stderr }) => {
      throw new Error(`the platform ended with ${code}: ${stderr}`);
    });
    return Promise.race([this.url, failure]);
  }

  async stop(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ending;
  }
}
