import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('a user whom contexts of two platforms share', () => {
  let line: CommandLine;
  let other: CommandLine;

  beforeEach(async () => {
    [line, other] = [await CommandLine.start(), await CommandLine.start()];
    await line.config.write(`current_context: a
clusters:
  - { name: ca, base_url: "${line.platform.url}" }
  - { name: cb, base_url: "${other.platform.url}" }
users:
  - { name: u, type: oauth, token: old-token, refresh_token: old-refresh }
contexts:
  - { name: a, cluster: ca, user: u }
  - { name: b, cluster: cb, user: u }
`);
    other.platform.hasWorkspaces('one');
    line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
  });
  afterEach(async () => {
    await line.end();
    await other.end();
  });

  const login = (...more: string[]) =>
    line.run(['auth', 'login', '--username', 'alice', '--password', 'pw', '--context', 'a', ...more]);

  it('does not take a sign-in to one of them to the other', async () => {
    expect((await login()).exitCode).toBe(0);
    await line.run(['workspaces', 'list', '--context', 'b']);
    expect(other.platform.bearers).toEqual(['old-token']);
  });

  it('does not take a sign-in to a third platform to them', async () => {
    const third = await CommandLine.start();
    third.idp.http.on('POST /token', third.idp.tokens({ now: line.clock.now() }));
    expect((await login('--base-url', third.platform.url)).exitCode).toBe(0);
    await line.run(['workspaces', 'list', '--context', 'b']);
    expect(other.platform.bearers).toEqual(['old-token']);
    await third.end();
  });

  it('does not take a token that is set for one of them to the other', async () => {
    expect((await line.run(['config', 'set', '--context', 'a', '--access-token', 'set-token'])).exitCode).toBe(0);
    await line.run(['workspaces', 'list', '--context', 'b']);
    expect(other.platform.bearers).toEqual(['old-token']);
    line.platform.hasWorkspaces('one');
    await line.run(['workspaces', 'list', '--context', 'a']);
    expect(line.platform.bearers).toEqual(['set-token']);
  });
});
