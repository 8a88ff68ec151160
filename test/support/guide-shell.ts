import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isPrinted, type Ran } from './guide-output.js';
import { freePort } from './free-port.js';
import { PreparedData } from './prepared-data.js';

const root = join(import.meta.dirname, '..', '..');
const ownFiles = new Set(['.git', '.interop', '.quickstart', 'config', 'data']);
const passwords: Record<string, string> = {
  'alice@example.com': 'alice-password',
  'admin@example.com': 'admin-password',
};

/** Both services of the quickstart, as far as a reader's commands need them. */
interface Stack {
  readonly port: number;
  readonly idpPort: number;
}

/**
 * Where the shell blocks of one page are typed: a copy of the repository's root in a home directory of its own, where nobody is
 * signed in yet. Variables, functions and the directory stay from block to block.
 */
export class GuideShell {
  private readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'nmp-guide-')));
  private readonly directory = join(this.home, 'nmp');
  private readonly running: ChildProcess[] = [];

  private constructor(private readonly ports: ReadonlyMap<string, number>) {
    mkdirSync(this.directory);
    for (const name of readdirSync(root)) {
      if (!ownFiles.has(name)) symlinkSync(join(root, name), join(this.directory, name));
    }
    cpSync(join(root, 'config'), join(this.directory, 'config'), { recursive: true });
    mkdirSync(join(this.home, '.config', 'nmp'), { recursive: true });
    const signedOut = `current_context: default
clusters: [{ name: default-cluster, base_url: 'http://localhost:8080' }]
users: [{ name: default-user, type: no-auth }]
contexts: [{ name: default, cluster: default-cluster, user: default-user, workspace: default }]
`;
    writeFileSync(this.configFile, this.adapted(signedOut), { mode: 0o600 });
  }

  /** Opens a shell for a page; every port that the page speaks of becomes one that is free, or the running service's. */
  static async open(page: string, { port, idpPort }: Stack): Promise<GuideShell> {
    const ports = new Map([
      ['8080', /^npm start$/m.test(page) ? await freePort() : port],
      ['8081', idpPort],
    ]);
    for (const [, name = ''] of page.matchAll(/\b(?:localhost|127\.0\.0\.1):(\d{2,5})\b/g)) {
      if (!ports.has(name)) ports.set(name, await freePort());
    }
    const shell = new GuideShell(ports);
    if (ports.get('8080') !== port) await PreparedData.make(join(shell.directory, 'data'));
    return shell;
  }

  /** Saves a file of the page. */
  save(name: string, text: string): void {
    const file = join(this.directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.adapted(text));
  }

  /** Executes a block. @param person who signs in where the block opens a browser */
  async run(text: string, person?: string): Promise<Ran> {
    const child = this.spawn(text, person);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (output += part));
    const [code] = (await once(child, 'close')) as [number | null]; // the event's arguments
    return { output: this.restored(output), code };
  }

  /** Starts a server, and waits until it has printed what the page says. @throws {Error} when it ends instead */
  async start(text: string, printed: string | undefined): Promise<void> {
    const child = this.spawn(text);
    this.running.push(child);
    let output = '';
    const ended = once(child, 'close').then(() => {
      throw new Error(`It ended, and printed:\n${this.restored(output)}`);
    });
    const ready = new Promise<void>((resolve) => {
      child.stdout?.setEncoding('utf8').on('data', (part: string) => {
        output += part;
        if (isPrinted(printed, this.restored(output))) resolve();
      });
    });
    await Promise.race([ready, ended]);
  }

  async close(): Promise<void> {
    const left = this.running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      left.map(async (child) => {
        const ended = once(child, 'close');
        process.kill(-(child.pid ?? 0), 'SIGTERM'); // with what it has started: each is the head of a group of processes
        await ended;
      }),
    );
    rmSync(this.home, { recursive: true, force: true });
  }

  private spawn(text: string, person = 'alice@example.com'): ChildProcess {
    const script = `${prologue}\n${this.adapted(text)}`;
    const env = { ...this.environment, GUIDE_LOGIN: person, GUIDE_PASSWORD: passwords[person] ?? '' };
    return spawn('bash', ['-c', script], {
      cwd: this.directory,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
  }

  private get environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(NMP_|XDG_|npm_|NODE_OPTIONS$|CI$)/i.test(name),
    );
    const { PATH = '' } = process.env;
    const port = this.ports.get('8080') ?? 0;
    return {
      ...Object.fromEntries(inherited),
      HOME: this.home,
      PATH: `${join(root, 'node_modules', '.bin')}:${PATH}`,
      BROWSER: join(import.meta.dirname, 'guide-browser.mjs'),
      GUIDE_STATE: join(this.home, 'state'),
      NMP_CONFIG_FILE: this.configFile,
      NMP_SERVER_PORT: String(port),
      NMP_PUBLIC_URL: `http://localhost:${port}`,
      NO_COLOR: '1',
      PORT: String(this.ports.get('3000') ?? 0),
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
    };
  }

  private get configFile(): string {
    return join(this.home, '.config', 'nmp', 'config.yaml');
  }

  /** A text of the page with the ports that are used here. */
  private adapted(text: string): string {
    return text.replaceAll(
      /\b(localhost|127\.0\.0\.1):(\d{2,5})\b/g,
      (_, host: string, port: string) => `${host}:${this.ports.get(port) ?? port}`,
    );
  }

  /** What was printed, with the ports and directories that a reader sees. */
  restored(text: string): string {
    const names = new Map([...this.ports].map(([name, port]) => [String(port), name]));
    return text
      .replaceAll(/:(\d{2,5})\b/g, (match, port: string) => (names.has(port) ? `:${names.get(port)}` : match))
      .replaceAll(this.home, '/home/you');
  }
}

/** Keeps what a block has set for the next one; both streams are one, as on a terminal. */
const prologue = `
set -euo pipefail
exec 2>&1
guide_before=$(compgen -v)
guide_keep() {
  local name
  declare -f
  for name in $(compgen -v | grep -vxF "$guide_before" | grep -vxE 'guide_before|name|BASH_.*|FUNCNAME|PIPESTATUS|_'); do
    declare -p "$name"
  done
  printf 'cd %q\\n' "$PWD"
}
if [ -f "$GUIDE_STATE" ]; then . "$GUIDE_STATE"; fi
trap 'set +eu; guide_keep > "$GUIDE_STATE"' EXIT
`;
