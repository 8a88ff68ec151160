import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';
import type { TerminalResult, TerminalStep } from './support/terminal.js';
import { onTerminal, terminalProblem } from './support/terminal.js';

const enter = '\r';
const controlC = '\u0003';
const problem = terminalProblem();

if (problem === undefined) describe('on a terminal', testOnTerminal);
else {
  it(`prompts could NOT be tried on a terminal of this machine: ${problem}`, () => {
    process.stderr.write(`UNAVAILABLE: no pseudo-terminal, prompts are untested: ${problem}\n`);
    expect(problem).toBeDefined();
  });
}

function testOnTerminal(): void {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  const nemo = (args: string[], ...steps: TerminalStep[]): Promise<TerminalResult> => {
    const { path, directory } = line.config;
    return onTerminal(args, steps, { NMP_CONFIG_FILE: path, HOME: directory });
  };
  const login = () => ['auth', 'login', '--base-url', line.platform.url, '--username', 'alice@example.com'];

  it('asks for the password without showing it', async () => {
    line.idp.http.on('POST /token', line.idp.tokens({ now: new Date() }));
    const { shown, exitCode } = await nemo(login(), ['Password', `wonder-land${enter}`]);
    expect(shown).toContain('as alice@example.com');
    expect(shown).not.toContain('wonder-land');
    expect(line.idp.tokenRequests).toMatchObject([{ username: 'alice@example.com', password: 'wonder-land' }]);
    expect(exitCode).toBe(0);
  });

  it('ends on Ctrl-C at the question, with nothing sent or stored', async () => {
    await line.signedIn();
    const before = await line.config.read();
    const { shown, exitCode } = await nemo(login(), ['Password', `wond${controlC}`]);
    expect({ exitCode, shown }).toEqual({ exitCode: 130, shown: expect.stringContaining('Interrupted.') });
    expect(line.idp.tokenRequests).toEqual([]);
    expect(await line.config.read()).toBe(before);
  });

  it('asks for a token without showing it', async () => {
    const set = ['config', 'set', '--base-url', line.platform.url, '--access-token', '-'];
    const { shown, exitCode } = await nemo(set, ['Access token', `typed-token${enter}`]);
    expect(shown).not.toContain('typed-token');
    expect(exitCode).toBe(0);
    expect(await line.config.read()).toContain('token: typed-token');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends on a %s from elsewhere while it asks', async (signal, exitCode) => {
    const stop = (processId: number): void => void process.kill(processId, signal);
    const result = await nemo(login(), ['Password', stop]);
    expect(result).toEqual({ exitCode, shown: expect.stringContaining('Interrupted.') });
  });

  it('does not ask where an answer is there already', async () => {
    await line.signedIn();
    const { shown, exitCode } = await nemo(['auth', 'status']);
    expect({ exitCode, shown }).toEqual({ exitCode: 0, shown: expect.stringContaining('alice@example.com') });
  });
}
