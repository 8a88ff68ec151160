import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { QuickstartProcess } from './support/quickstart-process.js';

const scripts = join(import.meta.dirname, '..', 'scripts');
const script = join(scripts, 'quickstart.mjs');

/** What the scripts export; they are plain JavaScript, without declarations. */
interface Parts {
  portOrFreeOne(port: number): Promise<number>;
  resetData(dataDir: string): string;
}

describe('npm run quickstart', () => {
  let quickstart: QuickstartProcess | undefined;
  let directory: string;

  beforeAll(() => {
    // One for all tests: setting up a database takes longer than everything else, and each test starts after another end.
    directory = mkdtempSync(join(tmpdir(), 'nmp-quickstart-'));
  });

  afterEach(async () => {
    await quickstart?.end('SIGKILL');
    quickstart = undefined;
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('says where the services are, who may sign in, what to try and how long it took', async () => {
    quickstart = await QuickstartProcess.start({ directory });
    await quickstart.ready();

    expect(quickstart.output).toContain(`http://localhost:${quickstart.port}\n`);
    expect(quickstart.output).toContain(`http://localhost:${quickstart.idpPort}\n`);
    for (const path of ['/docs', '/openapi.json']) {
      expect(quickstart.output).toContain(`${quickstart.platformUrl}${path}\n`);
      expect((await fetch(`${quickstart.platformUrl}${path}`)).status).toBe(200);
    }
    expect(quickstart.output).toMatch(/alice@example\.com +password: alice-password/);
    expect(quickstart.output).toMatch(/admin@example\.com +password: admin-password/);
    expect(quickstart.output.match(/npx --no-install nemo/g)).toHaveLength(3);
    expect(quickstart.output).toMatch(/Ready in \d+\.\d s/);
    await expectCleanEnd(quickstart, 'SIGINT');
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGHUP'])('ends both services on %s as on Ctrl-C', async (signal) => {
    quickstart = await QuickstartProcess.start({ directory });
    await quickstart.ready();

    await expectCleanEnd(quickstart, signal);
  });

  it('leaves no service behind when it is killed', async () => {
    quickstart = await QuickstartProcess.start({ directory });
    await quickstart.ready();
    const services = quickstart.servicePids();

    await quickstart.end('SIGKILL');

    await untilAllEnded(services);
    expect(services.filter(isAlive)).toEqual([]);
  });

  it('ends the other service and exits 1 with the reason when one dies', async () => {
    quickstart = await QuickstartProcess.start({ directory });
    await quickstart.ready();
    const services = quickstart.servicePids();
    process.kill(services[0]!, 'SIGKILL');

    expect(await quickstart.exited).toBe(1);

    expect(quickstart.output).toMatch(/error: .+ ended \(SIGKILL\); its last lines:/);
    expect(services.filter(isAlive)).toEqual([]);
  });

  it.each(['port', 'idpPort'] as const)('names a taken %s in one line and exits 1', async (option) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo; // a TCP server that listens
    quickstart = await QuickstartProcess.start({ [option]: port, directory });

    const code = await quickstart.exited;
    holder.close();

    expect(code).toBe(1);
    expect(quickstart.output).toMatch(
      new RegExp(`^error: port ${port} is already in use, perhaps by another quickstart: .+\n$`),
    );
  });

  it('lets the demo, which nobody else calls, take another port than a taken one', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo; // a TCP server that listens
    const { portOrFreeOne } = await partOf('ports.mjs');

    const other = await portOrFreeOne(port);
    holder.close();
    await once(holder, 'close');

    expect(other).not.toBe(port);
    expect(await portOrFreeOne(port)).toBe(port);
  });

  it.each([
    [['--port', 'http'], '--port must be a number from 1 to 65535, not "http"'],
    [['--port', '99999'], '--port must be a number'],
    [['--port', '4000', '--idp-port', '4000'], '--port and --idp-port must differ'],
    [['--demo', '--reset'], '--demo uses a temporary data directory'],
    [['--demo', '--watch'], '--demo ends by itself: leave out --watch'],
    [['--prot', '4000'], "Unknown option '--prot'; all options: npm run quickstart -- --help"],
    [['--data-dir', script], `--data-dir must be a directory or not exist yet, but ${script} is, or lies in, a file`],
    [['--data-dir', join(script, 'data')], '--data-dir must be a directory or not exist yet'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('says what --reset removed, and leaves the rest', async () => {
    const { resetData } = await partOf('reset-data.mjs');
    const data = mkdtempSync(join(tmpdir(), 'nmp-reset-'));
    try {
      mkdirSync(join(data, 'platform'));
      writeFileSync(join(data, 'notes.txt'), '');
      expect(resetData(data)).toMatch(/^Removed \S+platform$/);
      expect(readdirSync(data)).toEqual(['notes.txt']);
      expect(resetData(data)).toMatch(/^Nothing to remove in /);
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  it('explains itself', () => {
    const { status, stdout } = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });

    expect(status).toBe(0);
    expect(stdout).toContain('--idp-port');
  });
});

async function partOf(file: string): Promise<Parts> {
  return (await import(join(scripts, 'quickstart', file))) as Parts; // see there
}

async function expectCleanEnd(quickstart: QuickstartProcess, signal: NodeJS.Signals): Promise<void> {
  const services = quickstart.servicePids();
  expect(await quickstart.end(signal)).toBe(0);
  expect(services.filter(isAlive)).toEqual([]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}

async function untilAllEnded(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
}
