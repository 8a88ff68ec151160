import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

const password = ['--username', 'alice@example.com', '--password', 'wonderland'];

describe('nemo auth login that fails', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(() => line.end());

  const cases: [string, (line: CommandLine) => unknown, string[], RegExp, number?][] = [
    ['a dead platform', (line) => line.platform.close(), [], /could not be reached.*--base-url/, 3],
    [
      'something that is no platform',
      (line) => line.platform.on('GET /apis/auth/discovery', { text: '<html>' }),
      [],
      /not like the platform: .*--base-url/,
      3,
    ],
    ['a platform without an identity provider', (line) => line.platform.discovers(null), [], /auth\.oidc\.issuer/],
    [
      'a provider whose endpoints are unknown',
      (line) => line.platform.discovers({ token_endpoint: null }),
      [],
      /does not know the token endpoint.*Try again later/,
    ],
    [
      'a provider without device flow',
      (line) => line.platform.discovers({ device_authorization_endpoint: null }),
      [],
      /offers no device sign-in\. Use --username and --password/,
    ],
    [
      'a client that may not use the device flow',
      (line) => line.idp.http.on('POST /device', line.idp.error('unauthorized_client')),
      [],
      /unauthorized_client\. Ask the identity provider's administrator to switch on the device/,
    ],
    [
      'a wrong password',
      (line) => line.idp.http.on('POST /token', line.idp.error('invalid_grant', { status: 401 })),
      password,
      /Check the username and password/,
    ],
    [
      'a client that may not use the password grant',
      (line) => line.idp.http.on('POST /token', line.idp.error('unauthorized_client')),
      password,
      /unauthorized_client\. It does not offer the password grant to this client\. Use the device flow/,
    ],
    ['a dead provider', (line) => line.idp.close(), password, /could not be reached.*try again/, 3],
    ['a platform address that is not https', () => undefined, ['--base-url', 'http://nmp.example.com'], /https only/],
  ];

  it.each(cases)(
    'on %s, says what to do next and keeps the old sign-in',
    async (_, arrange, args, message, status = 1) => {
      await line.signedIn();
      const before = await line.config.read();
      await arrange(line);
      const { exitCode, stderr } = await line.run(['auth', 'login', ...args]);
      expect(stderr).toMatch(message);
      expect(exitCode).toBe(status);
      expect(await line.config.read()).toBe(before);
    },
  );

  it('keeps the old platform when the sign-in to a new one fails', async () => {
    await line.signedIn();
    const before = await line.config.read();
    line.idp.http.on('POST /token', line.idp.error('invalid_grant'));
    const other = await CommandLine.start();
    const { exitCode } = await line.run(['auth', 'login', '--base-url', other.platform.url, ...password]);
    await other.end();
    expect(exitCode).toBe(1);
    expect(await line.config.read()).toBe(before);
  });

  it('refuses a broken configuration file before anybody signs in, and leaves it alone', async () => {
    await line.config.write('contexts: [');
    const { exitCode, stderr } = await line.run(['auth', 'login', '--base-url', line.platform.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/not valid YAML.*nemo auth login/);
    expect(await line.config.read()).toBe('contexts: [');
  });
});
