import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { StandingClock } from '../../test/support/standing-clock.js';
import type { Clock } from '../clock.js';
import { ProgramOutputError, ProgramTimeoutError, runProgram } from './run-program.js';

const clock = new StandingClock();

describe('runProgram', () => {
  it('gives a text to a program and tells what it said', async () => {
    const code = 'process.stdin.pipe(process.stdout); console.error(process.env.A); process.exitCode = 7';
    const env = { A: 'b', NMP_OIDC_CLIENT_SECRET: 'c' };
    const result = await runProgram(process.execPath, ['-e', code], 'ä\n', { env, clock });
    expect(result).toEqual({ exitCode: 7, stdout: 'ä\n', stderr: 'b\n' });
    expect(clock.sleepers).toBe(0);
  });

  it('hands nothing of our own settings on', async () => {
    const env = { NMP_OIDC_CLIENT_SECRET: 'c' };
    const code = 'console.log(process.env.NMP_OIDC_CLIENT_SECRET)';
    expect((await runProgram(process.execPath, ['-e', code], '', { env, clock })).stdout).toBe('undefined\n');
  });

  it('does not mind a program that reads nothing of much', async () => {
    const result = runProgram(process.execPath, ['-e', 'process.exit(3)'], 'x'.repeat(1_000_000), { env: {}, clock });
    await expect(result).resolves.toMatchObject({ exitCode: 3 });
  });

  it('says when there is no such program', async () => {
    await expect(runProgram('no-such-program', [], '', { env: {}, clock })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('runs it in a group of its own, so that Ctrl-C does not end it half-way', async () => {
    const result = await runProgram('sh', ['-c', 'kill -0 -$$ && echo leader'], '', { env: process.env, clock });
    expect(result.stdout).toBe('leader\n');
  });

  it.each(['stdout', 'stderr'])('kills a program that floods its %s', async (name) => {
    const code = `const flood = () => process.${name}.write('x'.repeat(65536), flood); flood()`;
    const flooded = runProgram(process.execPath, ['-e', code], '', { env: {}, clock });
    await expect(flooded).rejects.toThrow(ProgramOutputError);
  });

  it('kills a program that takes too long', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'nmp-program-'));
    const pidFile = join(directory, 'pid');
    // What it started itself goes with it.
    const idle = 'setInterval(() => {}, 1e6)';
    const code = `const { pid } = require('child_process').spawn(process.execPath, ['-e', '${idle}'], { stdio: 'inherit' });
      require('fs').writeFileSync(process.argv[1], JSON.stringify([process.pid, pid])); ${idle}`;
    const untilItRuns: Clock = {
      now: () => new Date(0),
      sleep: () => until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith(']')),
    };
    const result = runProgram(process.execPath, ['-e', code, pidFile], '', { env: {}, clock: untilItRuns });
    await expect(result).rejects.toThrow(ProgramTimeoutError);
    const pids = JSON.parse(readFileSync(pidFile, 'utf8')) as number[];
    await until(() => !pids.some(isAlive));
    await rm(directory, { recursive: true });
  });
});

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
