import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { World } from '@nmp/cli';
import { Interruption } from '@nmp/cli';
import { CommandLine } from './support/command-line.js';

describe('nemo auth login --browser', () => {
  let line: CommandLine;
  const pages: URL[] = [];

  beforeEach(async () => {
    line = await CommandLine.start();
    pages.length = 0;
    line.platform.discovers({ authorization_endpoint: 'https://idp.example.com/authorize' });
    line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  /** A browser that comes back at once with these parameters. */
  const comesBackWith =
    (answer: Record<string, string>) =>
    async (url: string): Promise<void> => {
      const page = new URL(url);
      pages.push(page);
      const parameters = new URLSearchParams({ state: page.searchParams.get('state') ?? '', ...answer });
      await fetch(`${page.searchParams.get('redirect_uri')}?${String(parameters)}`);
    };
  const login = (args: string[] = [], world: Partial<World> = {}) =>
    line.run(['auth', 'login', '--browser', '--base-url', line.platform.url, ...args], {
      openBrowser: comesBackWith({ code: 'the-code' }),
      ...world,
    });

  it('opens the page, shows it too, and signs in when the browser comes back', async () => {
    const { exitCode, stdout, stderr } = await login();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain(`on this machine opens: ${pages[0]?.href}`);
    expect(stderr).toContain('at most 5m; Ctrl-C gives up');
    expect(stderr).toContain(`Signed in to ${line.platform.url} as alice@example.com.`);
    expect(stderr).not.toContain('the-code');
    expect(await line.config.read()).toContain('refresh_token: refresh-1');
  });

  it('takes the page from the identity provider when the platform does not publish it', async () => {
    line.platform.discovers({});
    line.idp.http.on('GET /.well-known/openid-configuration', {
      json: {
        issuer: line.idp.issuer,
        authorization_endpoint: 'https://idp.example.com/discovered',
        authorization_response_iss_parameter_supported: true,
      },
    });
    expect(await login()).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/"iss"/) });
    expect(pages[0]?.pathname).toBe('/discovered');
    const openBrowser = comesBackWith({ code: 'c', iss: line.idp.issuer });
    expect(await login([], { openBrowser })).toMatchObject({ exitCode: 0 });
  });

  it('comes back to the address that is registered', async () => {
    expect(await login(['--redirect-uri', 'http://localhost/sso'])).toMatchObject({ exitCode: 0 });
    expect(pages[0]?.searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+\/sso$/);
    expect(await login(['--redirect-uri', 'http://example.com/'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/must be one of this machine/),
    });
  });

  it('says what to do when the provider refuses, and stores nothing', async () => {
    const openBrowser = comesBackWith({ error: 'access_denied', error_description: 'no\u001b[2J' });
    const { exitCode, stderr } = await login([], { openBrowser });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/answered access_denied: no \[2J\./);
    expect((await line.config.file.read()).contextNames).toEqual([]);
  });

  it('ends with 130 on Ctrl-C while it waits', async () => {
    const controller = new AbortController();
    const openBrowser = (): Promise<void> => Promise.resolve(controller.abort(new Interruption(130)));
    const { exitCode, stderr } = await login([], { openBrowser, signal: controller.signal });
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Interrupted\.\n$/);
  });

  it.each([
    [['--browser', '--username', 'alice'], /exclude each other/],
    [['--browser', '--with-token'], /exclude each other/],
    [['--redirect-uri', 'http://127.0.0.1/'], /--redirect-uri is for signing in with --browser/],
  ])('takes %j for a usage error', async (args, message) => {
    const { exitCode, stderr } = await line.run(['auth', 'login', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});
