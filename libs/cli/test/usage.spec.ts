import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('the command line', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  it.each([[[]], [['auth']], [['workspaces']], [['workspaces', 'members']], [['config']]])(
    'explains itself when %j is no whole command',
    async (args) => {
      const { exitCode, stdout, stderr } = await line.run(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^Usage: nemo/);
    },
  );

  it.each([
    [['auth', 'lgin'], /unknown command 'lgin'[\s\S]*Did you mean login[\s\S]*Run: nemo auth --help\n$/],
    [['auth', 'login', '--pasword', 'x'], /unknown option '--pasword'[\s\S]*Run: nemo auth login --help\n$/],
    [['workspaces', 'create'], /missing required argument 'name'[\s\S]*Run: nemo workspaces create --help\n$/],
    [['workspaces', 'update', 'x'], /required option '--description <text>'[\s\S]*--help\n$/],
    [
      ['auth', 'status', '-f', 'xml'],
      /"xml"; it can be table, json, yaml, csv, markdown, raw\nRun: nemo auth status --help\n$/,
    ],
    [
      ['workspaces', 'members', 'list', '--timestamp-format', 'x'],
      /"x"; it can be iso8601, relative\nRun: nemo workspaces members list --help\n$/,
    ],
    [
      ['auth', 'login', '--browser', '--no-browser'],
      /--browser and --no-browser exclude each other[^]*login --help\n$/,
    ],
    [['auth', 'login', '--no-browser', '--browser'], /--no-browser and --browser exclude each other/],
    [['auth', 'login', '--with-token'], /nothing there\nRun: nemo auth login --help\n$/],
    [['auth', 'logout', '--client-secret-stdin'], /nothing there\nRun: nemo auth logout --help\n$/],
    [
      ['auth', 'login', '--username', 'a', '--password-stdin'],
      /^Error: .* nothing there\nRun: nemo auth login --help\n$/,
    ],
    [['auth', 'status', 'extra'], /too many arguments/],
  ])('takes %j for a usage error', async (args, message) => {
    const { exitCode, stdout, stderr } = await line.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).toMatch(message);
  });

  it('refuses an output format of the environment that does not exist', async () => {
    const { exitCode, stderr } = await line.run(['auth', 'status'], { env: { NMP_OUTPUT_FORMAT: 'xml' } });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/NMP_OUTPUT_FORMAT is "xml".*\nRun: nemo auth status --help\n$/);
  });

  it('refuses an unknown context and lists those there are', async () => {
    await line.signedIn();
    const { exitCode, stderr } = await line.run(['auth', 'token', '--context', 'wrok']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/There is no context "wrok" .*It has: default/);
  });

  it('shows the name it was called by, everywhere', async () => {
    const nmp = { programName: 'nmp' };
    expect((await line.run(['--help'], nmp)).stdout).toMatch(/^Usage: nmp [\s\S]*nmp auth login/);
    expect((await line.run(['auth', 'lgin'], nmp)).stderr).toMatch(/Run: nmp auth --help/);
    expect((await line.run(['auth', 'token'], nmp)).stderr).toMatch(/Run: nmp auth login/);
  });

  it('has examples in the help of every command', async () => {
    const groups = {
      auth: ['login', 'status', 'token', 'refresh', 'logout', 'whoami'],
      workspaces: ['list', 'create', 'get', 'update', 'delete'],
      'workspaces members': ['list', 'create', 'update', 'delete'],
      config: ['view', 'set', 'use-context'],
    };
    for (const [group, commands] of Object.entries(groups)) {
      for (const command of commands) {
        const { exitCode, stdout } = await line.run([...group.split(' '), command, '--help']);
        expect(exitCode).toBe(0);
        expect(stdout).toContain(`Usage: nemo ${group} ${command}`);
        expect(stdout).toMatch(new RegExp(`Examples:\n[\\s\\S]*nemo ${group} ${command}`));
        expect(stdout).toContain('--output-format');
      }
    }
  });

  it('tells the formats there are in the help', async () => {
    const { stdout } = await line.run(['auth', 'status', '--help']);
    expect(stdout).toMatch(/"table", "json", "yaml", [^]*"iso8601", "relative"/);
  });

  it('explains a command by its words', async () => {
    for (const words of [[], ['auth'], ['auth', 'login'], ['workspaces', 'list']]) {
      const { stdout } = await line.run([...words, '--help']);
      await expect(line.run(['help', ...words])).resolves.toEqual({ exitCode: 0, stdout, stderr: '' });
    }
    expect(await line.run(['help', 'auth', 'lgin'])).toMatchObject({
      exitCode: 2,
      stderr: "Error: unknown command 'lgin'\nRun: nemo auth --help\n",
    });
  });

  it.each(['HTTP_PROXY', 'NMP_WORKSPACE', 'NMP_OIDC_USERNAME', 'NMP_OIDC_PASSWORD', 'NMP_OIDC_CLIENT_SECRET'])(
    'lists %s in its help',
    async (variable) => {
      expect((await line.run(['--help'])).stdout).toContain(variable);
    },
  );

  it('prints its version', async () => {
    await expect(line.run(['--version'])).resolves.toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('reports a fault of its own without a stack', async () => {
    await line.signedIn();
    const now = (): Date => {
      throw new Error('the clock fell off the wall');
    };
    const { exitCode, stderr } = await line.run(['auth', 'token'], { clock: { now, sleep: () => Promise.resolve() } });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: the clock fell off the wall\nThis is a fault of the program.*\n$/);
  });
});
