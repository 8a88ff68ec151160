import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';
import { acquireDataDirectoryLock } from './data-directory-lock.js';
import { ownProcessIdentity } from './process-identity.js';

const sources = fileURLToPath(new URL('..', import.meta.url));
const children: ChildProcess[] = [];
let program: string;
let root: string;
let directory: string;

// Once: a process that starts must not find a file that is just being written.
beforeAll(() => {
  program = mkdtempSync(join(tmpdir(), 'nmp-lock-holder-'));
  compileHolder();
});

afterAll(() => rmSync(program, { recursive: true, force: true }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nmp-lock-'));
  directory = join(root, 'data');
});

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  rmSync(root, { recursive: true, force: true });
});

describe('acquireDataDirectoryLock', () => {
  it('creates the directory, and lets the next one in after release', () => {
    acquireDataDirectoryLock(directory).release();
    const lock = acquireDataDirectoryLock(directory);
    lock.release();
    lock.release();
    acquireDataDirectoryLock(directory).release();
    expect(readdirSync(directory)).toEqual(['platform.lock.3']);
  });

  it('refuses a directory this process already holds', () => {
    const lock = acquireDataDirectoryLock(directory);
    expect(() => acquireDataDirectoryLock(directory)).toThrow(`in use by process ${process.pid}`);
    lock.release();
  });

  it('refuses a directory another process holds, naming its pid', async () => {
    const holder = await startHolder();
    expect(holder.said).toBe('held');
    expect(() => acquireDataDirectoryLock(directory)).toThrow(
      `the data directory ${directory} is in use by process ${holder.child.pid}: stop it`,
    );
  });

  it('recovers from a holder that was killed', async () => {
    const holder = await startHolder();
    await kill(holder.child);
    const lock = acquireDataDirectoryLock(directory);
    expect(readdirSync(directory)).toEqual(['platform.lock.2']);
    lock.release();
  });

  it('lets exactly one of many processes succeed a killed holder', async () => {
    const holder = await startHolder();
    await kill(holder.child);
    const rivals = await Promise.all(Array.from({ length: 6 }, () => startHolder()));
    const winners = rivals.filter(({ said }) => said === 'held');
    expect(winners).toHaveLength(1);
    const refusals = rivals.filter(({ said }) => said.includes(`in use by process ${winners[0]!.child.pid}:`));
    expect(refusals).toHaveLength(5);
  });

  it('recovers when the number of the dead holder was given to another process', () => {
    writeRecord({ startedAt: '1' });
    acquireDataDirectoryLock(directory).release();
  });

  it('leaves a holder of the same number and start time alone', () => {
    writeRecord({});
    expect(() => acquireDataDirectoryLock(directory)).toThrow(`in use by process ${process.pid}`);
  });

  it('leaves a holder in another container alone while it gives signs of life', () => {
    writeRecord({ scope: 'other-boot pid:[1]' });
    expect(() => acquireDataDirectoryLock(directory)).toThrow(
      `in use by process ${process.pid} on another machine or in another container`,
    );
  });

  it('recovers from a holder in another container that has been silent', () => {
    const path = writeRecord({ scope: 'other-boot pid:[1]' });
    const longAgo = new Date('2020-01-01T00:00:00Z');
    utimesSync(path, longAgo, longAgo);
    acquireDataDirectoryLock(directory, () => longAgo.getTime() + 31_000).release();
  });

  it('names a lock file it did not write', () => {
    const path = writeRecord({});
    writeFileSync(path, 'null');
    expect(() => acquireDataDirectoryLock(directory)).toThrow(`the lock file ${path} cannot be read`);
  });

  it('says in one line that the directory cannot be made', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => acquireDataDirectoryLock(join(file, 'data'))).toThrow(
      /^the data directory .* cannot be written: ENOTDIR.*$/,
    );
  });
});

function writeRecord(difference: Record<string, unknown>): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'platform.lock.1');
  writeFileSync(path, JSON.stringify({ ...ownProcessIdentity(), released: false, ...difference }));
  return path;
}

/** Starts a process that takes the lock and keeps it, and waits for what it says: `held`, or the refusal. */
async function startHolder(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [holderMain(), directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [said] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?];
  return { child, said: said ?? 'nothing' };
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Compiles the lock for a plain Node process. */
function compileHolder(): void {
  for (const file of [
    'start-up-error',
    'storage/make-directory',
    'storage/process-identity',
    'storage/data-directory-lock',
  ]) {
    const target = join(program, `${file}.js`);
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformFileSync(join(sources, `${file}.ts`), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    writeFileSync(target, code);
  }
  writeFileSync(join(program, 'package.json'), '{"type":"module"}');
  writeFileSync(
    holderMain(),
    `import { acquireDataDirectoryLock } from './storage/data-directory-lock.js';
     try { acquireDataDirectoryLock(process.argv[2]); console.log('held'); process.stdin.resume(); }
     catch (error) { console.log(error.message); }`,
  );
}

function holderMain(): string {
  return join(program, 'holder.mjs');
}
