import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('nemo auth logout --all', () => {
  let line: CommandLine;
  let other: CommandLine;

  beforeEach(async () => {
    [line, other] = [await CommandLine.start(), await CommandLine.start()];
    await line.config.write(`current_context: work
clusters:
  - { name: one, base_url: "${line.platform.url}" }
  - { name: two, base_url: "${other.platform.url}" }
users:
  - { name: alice, type: oauth, token: token-1, refresh_token: refresh-1 }
  - { name: bob, type: oauth, token: token-2 }
  - { name: legacy, type: api-key, api_key: key-3 }
  - { name: nobody-names-her, type: oauth, token: token-4 } # kept
  - { name: nobody, type: no-auth }
contexts:
  - { name: work, cluster: one, user: alice }
  - { name: lab, cluster: two, user: bob }
  - { name: old, cluster: two, user: legacy }
  - { name: out, cluster: one, user: nobody }
`);
  });
  afterEach(async () => {
    await line.end();
    await other.end();
  });

  it('revokes and forgets the tokens of every context, each at its own provider', async () => {
    const { exitCode, stderr } = await line.run(['auth', 'logout', '--all']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      [
        'Signed out of context "work"; the sign-in is revoked at the identity provider.',
        'Signed out of context "lab"; the sign-in is revoked at the identity provider.',
        'Nobody is signed in to context "old".',
        'The API key it held, which the platform takes no more, is forgotten.',
        '',
      ].join('\n'),
    );
    const revoked = ({ idp }: CommandLine) => idp.http.requestsTo('/revoke').map(({ form }) => form.token);
    expect(revoked(line)).toEqual(['refresh-1', 'token-1']);
    expect(revoked(other)).toEqual(['token-2']);
    const text = await line.config.read();
    expect(text).not.toMatch(/token-\d|refresh-\d|key-3/);
    expect(text).toContain('# kept');
    expect(text).toContain('current_context: work');
    expect(await line.run(['auth', 'logout', '--all'])).toMatchObject({
      exitCode: 0,
      stderr: 'Nobody is signed in to any context.\n',
    });
  });

  it('forgets all when one platform does not answer, and says which', async () => {
    await other.platform.close();
    const { exitCode, stdout, stderr } = await line.run(['auth', 'logout', '--all', '-f', 'json']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /Signed out of context "lab"\.\nWarning: the tokens could not be revoked.*could not be reached/,
    );
    expect(JSON.parse(stdout)).toEqual([
      { context: 'work', revoked: true },
      { context: 'lab', revoked: false },
      { context: 'old', revoked: false },
    ]);
    expect(await line.config.read()).not.toMatch(/token-\d|refresh-\d|key-3/);
  });

  it('revokes the tokens that contexts share once', async () => {
    await line.config.write((await line.config.read()).replace('cluster: two, user: bob', 'cluster: one, user: alice'));
    const { exitCode, stdout } = await line.run(['auth', 'logout', '--all', '-f', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      { context: 'work', revoked: true },
      { context: 'old', revoked: false },
    ]);
    expect(line.idp.http.requestsTo('/revoke').map(({ form }) => form.token)).toEqual(['refresh-1', 'token-1']);
    expect(await line.config.read()).not.toMatch(/token-\d|refresh-\d|key-3/);
  });

  it('prints a table of them for other programs', async () => {
    const { stdout } = await line.run(['auth', 'logout', '--all', '-f', 'csv']);
    expect(stdout).toBe('context,revoked\nwork,true\nlab,true\nold,false\n');
  });

  it('goes with no --context', async () => {
    expect(await line.run(['auth', 'logout', '--all', '--context', 'work'])).toMatchObject({ exitCode: 2 });
    expect(await line.config.read()).toContain('token-1');
  });
});
