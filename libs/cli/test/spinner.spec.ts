import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TypescriptProcess } from '../../sdk/test/support/typescript-process.js';
import { CommandLine } from './support/command-line.js';
import type { TerminalResult, TerminalStep } from './support/terminal.js';
import { onTerminal, screenOf, terminalProblem } from './support/terminal.js';

const program = join(import.meta.dirname, 'support', 'start-main.ts');
const whoami = ['auth', 'whoami', '-f', 'json'];
const answer = { principal: { kind: 'user', id: 'alice-id' }, scopes: [] };
const controlC = '\u0003';
const problem = terminalProblem();

if (problem === undefined) describe('the spinner on a terminal', testSpinner);
else {
  it(`the spinner could NOT be tried on a terminal of this machine: ${problem}`, () => {
    process.stderr.write(`UNAVAILABLE: no pseudo-terminal, the spinner is untested there: ${problem}\n`);
    expect(problem).toBeDefined();
  });
}

function testSpinner(): void {
  let line: CommandLine;
  /** Lets the platform answer. */
  let release: () => void;
  let threeAsked: Promise<void>;
  let waiting: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    const token = line.idp.accessToken({ now: new Date() });
    await line.config.signIn({ baseUrl: line.platform.url, token });
    waiting = `Waiting for ${new URL(line.platform.url).host}`;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let threeCame: () => void;
    threeAsked = new Promise((resolve) => {
      threeCame = resolve;
    });
    let requests = 0;
    line.platform.http.on('GET /apis/auth/v2/whoami', async () => {
      requests += 1;
      if (requests === 3) threeCame();
      await held;
      return { json: answer };
    });
  });
  afterEach(() => line.end());

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    NMP_CONFIG_FILE: line.config.path,
    HOME: line.config.directory,
    ...more,
  });
  const show = (steps: TerminalStep[], more?: Record<string, string>): Promise<TerminalResult> =>
    onTerminal(whoami, steps, env(more));

  it('turns while the platform thinks, and leaves no trace', async () => {
    const { shown, exitCode } = await show([[`⠋ ${waiting}`, () => release()]]); // all the way round
    expect(exitCode).toBe(0);
    const frames = shown.match(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏](?= Waiting)/g) ?? [];
    expect(new Set(frames).size).toBeGreaterThan(1);
    expect(screenOf(shown)).toBe(`${JSON.stringify(answer, null, 2)}\n`);
  });

  it('is gone when Ctrl-C ends the waiting', async () => {
    const { shown, exitCode } = await show([[waiting, controlC]]);
    expect(exitCode).toBe(130);
    expect(screenOf(shown)).toMatch(/^(\^C)?Interrupted\.\n$/);
    release();
  });

  it('is not there in a pipe, with CI or with NO_COLOR, however long it takes', async () => {
    const quiet = [show([], { NO_COLOR: '1' }), show([], { CI: 'true' })];
    const piped = TypescriptProcess.start(program, whoami, env()).result();
    await threeAsked;
    // They have been waiting for longer than this one, which is heard when it shows its spinner.
    const lively = show([[waiting, () => release()]]);
    const text = `${JSON.stringify(answer, null, 2)}\n`;
    for (const { shown, exitCode } of await Promise.all(quiet)) {
      expect({ exitCode, shown }).toEqual({ exitCode: 0, shown: text.replaceAll('\n', '\r\n') });
    }
    expect(await piped).toEqual({ exitCode: 0, stdout: text, stderr: '' });
    expect((await lively).shown).toContain(waiting);
  });
}
