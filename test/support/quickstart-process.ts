import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { watchOutput } from './leaks/watched-output.js';
import { PreparedData } from './prepared-data.js';

const root = join(import.meta.dirname, '..', '..');

/** `npm run quickstart` as a process of its own, on free ports and with a data directory of its own. */
export class QuickstartProcess {
  readonly exited: Promise<number | null>;
  private printed = '';
  private progress = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly idpPort: number,
    readonly directory: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.progress += text));
    this.exited = once(child, 'close').then(([code]) => code as number | null); // the event's first argument
  }

  /**
   * Starts it; ports that are given may be taken already. A directory that is given is as it is, be it empty; else there is
   * a database in it, with nothing in the tables.
   */
  static async start(given: { port?: number; idpPort?: number; directory?: string } = {}): Promise<QuickstartProcess> {
    const port = given.port ?? (await freePort());
    const idpPort = given.idpPort ?? (await freePort());
    const directory = given.directory ?? (await directoryWithDatabase());
    const options = ['--port', String(port), '--idp-port', String(idpPort), '--data-dir', directory];
    const child = spawn(process.execPath, [join(root, 'scripts', 'quickstart.mjs'), ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new QuickstartProcess(child, port, idpPort, directory);
  }

  /** What it has written: first how it went on, then what it is for. Which of two pipes is read first is chance. */
  get output(): string {
    return this.progress + this.printed;
  }

  /** Waits for the welcome. @throws {Error} with all output when it ends before that */
  async ready(): Promise<void> {
    const welcomed = new Promise<void>((resolve) => {
      this.child.stdout?.on('data', () => {
        if (this.output.includes('Press Ctrl-C to stop.')) resolve();
      });
    });
    const ended = this.exited.then((code) => {
      throw new Error(`The quickstart ended with exit code ${code}:\n${this.output}`);
    });
    await Promise.race([welcomed, ended]);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get platformUrl(): string {
    return `http://localhost:${this.port}`;
  }

  /** The ids of the two services, told by Linux; empty on other systems. */
  servicePids(): number[] {
    if (process.platform !== 'linux') return [];
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8');
    return children.trim().split(/\s+/).map(Number);
  }

  /** Sends a signal and waits for the end. @returns the exit code */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Removes its data; what its services have logged is looked at for secrets before. */
  remove(): void {
    for (const name of readdirSync(this.directory, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.log')) watchOutput(name, readFileSync(join(this.directory, name), 'utf8'));
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function directoryWithDatabase(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-quickstart-'));
  await PreparedData.make(join(directory, 'platform'));
  return directory;
}
