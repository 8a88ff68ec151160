import { chmod } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('options and warnings of every command', () => {
  let line: CommandLine;
  let token: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    token = await line.signedIn();
    line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  it('uses the token as it is with --no-auto-refresh', async () => {
    line.platform.hasWorkspaces('one');
    line.clock.advance(3590);
    expect((await line.run(['auth', 'token', '--no-auto-refresh'])).stdout).toBe(`${token}\n`);
    const refused = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
    line.platform.on('GET /apis/auth/v2/whoami', { ...refused, json: { detail: 'Invalid or expired token' } });
    expect(await line.run(['auth', 'whoami', '--no-auto-refresh'])).toMatchObject({ exitCode: 3 });
    line.clock.advance(20);
    expect(await line.run(['workspaces', 'list', '--no-auto-refresh'])).toMatchObject({
      exitCode: 1,
      stderr: 'Error: The token has expired and is not to be refreshed. Run: nemo auth refresh\n',
    });
    expect(line.idp.tokenRequests).toEqual([]);
    expect(await line.run(['auth', 'refresh', '--no-auto-refresh'])).toMatchObject({ exitCode: 0 });
  });

  it('asks for a new sign-in with --no-auto-refresh where nothing could refresh the token', async () => {
    await line.signedIn('');
    line.clock.advance(4000);
    expect(await line.run(['auth', 'token', '--no-auto-refresh'])).toMatchObject({
      exitCode: 1,
      stderr: 'Error: The token has expired, and no refresh token is available. Run: nemo auth login\n',
    });
  });

  it('says what it asks of whom with --verbose, and no secret', async () => {
    line.platform.hasWorkspaces('one');
    line.clock.advance(4000);
    const { exitCode, stderr } = await line.run(['workspaces', 'list', '--verbose']);
    expect(exitCode).toBe(0);
    expect(stderr.split('\n')).toEqual([
      `[GET ${line.platform.url}/apis/auth/discovery: HTTP 200, 0 ms]`,
      `[POST ${line.idp.issuer}/token: HTTP 200, 0 ms]`,
      `[GET ${line.platform.url}/apis/entities/v2/workspaces: HTTP 200, 0 ms]`,
      '',
    ]);
  });

  it('warns once of a directory that others can write to', async () => {
    await chmod(line.config.directory, 0o777);
    line.platform.hasWorkspaces('one');
    line.clock.advance(4000);
    const { exitCode, stderr } = await line.run(['workspaces', 'list']);
    expect(exitCode).toBe(0);
    expect(stderr.match(/Warning: Other users can write to/g)).toHaveLength(1);
  });
});
