import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('nemo config', () => {
  let line: CommandLine;
  let token: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    token = await line.signedIn();
  });
  afterEach(() => line.end());

  it('use-context changes the current context, and lists those there are', async () => {
    await line.config.file.update((document) => document.setBaseUrl('work', 'https://nmp.example.com'));
    await expect(line.run(['config', 'use-context', 'work'])).resolves.toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Context "work" is now the current one.\n',
    });
    expect((await line.config.file.read()).currentContext).toBe('work');
    expect(await line.run(['config', 'use-context', 'wrok'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/There is no context "wrok" .*It has: default, work/),
    });
    const env = { NMP_CURRENT_CONTEXT: 'default' };
    expect((await line.run(['config', 'use-context', 'work', '-f', 'json'], { env })).stderr).toMatch(
      /NMP_CURRENT_CONTEXT is set/,
    );
  });

  it('view prints the file without its secrets', async () => {
    const { stdout } = await line.run(['config', 'view']);
    expect(stdout).toContain('token: "***REDACTED***"');
    expect(stdout).toContain('name: default-user');
    for (const secret of [token, 'refresh-0']) expect(stdout).not.toContain(secret);
    expect(JSON.parse((await line.run(['config', 'view', '-f', 'json'])).stdout)).toMatchObject({
      current_context: 'default',
    });
  });

  it('view hides passwords in addresses, and secrets whose keys are written in another way', async () => {
    await line.config.write(`clusters:
  - name: c
    base_url: https://alice:hunter2@nmp.example.com
users:
  - name: u
    type: oauth
    Access_Token: aaa
    CLIENT_SECRET: bbb
`);
    for (const format of ['table', 'json', 'yaml']) {
      const { exitCode, stdout } = await line.run(['config', 'view', '-f', format]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('https://***REDACTED***@nmp.example.com');
      expect(stdout).not.toMatch(/alice|hunter2|aaa|bbb/);
    }
  });
});
