import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('nemo completion', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  /** What bash offers after these words, the last of which is being typed. */
  const offered = async (...words: string[]): Promise<string[]> => {
    const script = join(line.config.directory, 'completion.bash');
    await writeFile(script, (await line.run(['completion', 'bash'])).stdout);
    const program = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nemo_complete; echo "${COMPREPLY[@]}"';
    const { stdout } = await promisify(execFile)('bash', ['-c', program, script, ...words]);
    return stdout.trim().split(' ');
  };

  it.each([
    [
      ['nemo', ''],
      ['auth', 'workspaces', 'config', 'completion', 'help'],
    ],
    [['nemo', 'wo'], ['workspaces']],
    [
      ['nemo', 'auth', 'lo'],
      ['login', 'logout'],
    ],
    [['nemo', '-f', 'json', 'auth', 'who'], ['whoami']],
    [['nemo', 'auth', 'logout', '--al'], ['--all']],
    [['nemo', 'auth', 'login', '--with'], ['--with-token']],
    [['nemo', 'workspaces', 'list', '--out'], ['--output-format']],
    [['nemo', 'workspaces', 'mem'], ['members']],
    [
      ['nemo', 'workspaces', 'members', ''],
      ['list', 'create', 'update', 'delete'],
    ],
    [['nemo', 'workspaces', 'members', 'update', 'x', '--ro'], ['--role']],
    [['nemo', 'workspaces', 'get', 'x'], ['']],
  ])('offers bash after %j: %j', async (words, expected) => {
    await expect(offered(...words)).resolves.toEqual(expected);
  });

  it.each([
    ['bash', /^complete -o default -F _nmp_complete nmp$/m],
    ['zsh', /^#compdef nmp\n[\s\S]*^compdef _nmp_complete nmp$/m],
    ['fish', /^complete -c nmp -n 'test "\$\(__nmp_path\)" = "auth login"' -l with-token$/m],
  ])('knows %s, and the name it was called by', async (shell, text) => {
    const { exitCode, stdout, stderr } = await line.run(['completion', shell], { programName: 'nmp' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(text);
    expect(stdout).not.toMatch(/\bnemo\b|undefined/);
  });

  it('knows no other shell', async () => {
    expect(await line.run(['completion', 'cmd'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
