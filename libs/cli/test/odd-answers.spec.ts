import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StubAnswer } from '../../sdk/test/support/http-stub.js';
import { CommandLine } from './support/command-line.js';

const path = '/apis/entities/v2/workspaces';

describe('when something answers that is not the platform', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
  });
  afterEach(() => line.end());

  it.each(['json', 'yaml'])('shows nothing, as %s, of what is nested too deeply', async (format) => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    line.platform.on(`GET ${path}/demo`, {
      headers: { 'content-type': 'application/json' },
      text: `{"name":"demo","deep":${deep}}`,
    });
    const { exitCode, stderr } = await line.run(['workspaces', 'get', 'demo', '-f', format]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining('nested too deeply') });
  });

  const commands: [string[], string][] = [
    [['workspaces', 'list'], `GET ${path}`],
    [['workspaces', 'get', 'demo'], `GET ${path}/demo`],
    [['workspaces', 'create', 'demo'], `POST ${path}`],
    [['workspaces', 'update', 'demo', '--description', 'd'], `PUT ${path}/demo`],
    [['workspaces', 'delete', 'demo'], `DELETE ${path}/demo`],
    [['auth', 'whoami'], 'GET /apis/auth/v2/whoami'],
    [['auth', 'status', '--check'], 'GET /apis/auth/v2/whoami'],
    [['auth', 'login'], 'GET /apis/auth/discovery'],
    [['auth', 'refresh'], 'GET /apis/auth/discovery'],
  ];
  const answers: [string, StubAnswer][] = [
    ['{}', { json: {} }],
    ['nothing', { text: '' }],
    ['a page', { headers: { 'content-type': 'text/html' }, text: '<html>hello</html>' }],
  ];
  it.each(commands.flatMap(([args, route]) => answers.map(([what, answer]) => ({ args, route, what, answer }))))(
    '$args names it on $what and exits 3',
    async ({ args, route, answer }) => {
      const before = await line.config.read();
      line.platform.on(route, answer);
      const { exitCode, stderr } = await line.run(args);
      expect(stderr).toMatch(
        /answered, but not like the platform: .*; check the address \(--base-url, or NMP_BASE_URL\)\n/,
      );
      expect(stderr).not.toMatch(/fault of the program|TypeError| at .*\.[jt]s/);
      expect(exitCode).toBe(3);
      expect(await line.config.read()).toBe(before);
    },
  );

  it('exits 3 when the identity provider answers nothing that can be understood', async () => {
    line.idp.http.on('POST /device', { text: '' });
    expect(await line.run(['auth', 'login'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('malformed_response'),
    });
  });

  it('status --check says what the platform said: nothing', async () => {
    line.platform.on('GET /apis/auth/v2/whoami', { json: {} });
    expect((await line.run(['auth', 'status', '--check'])).stdout).toMatch(
      /Platform says +nothing that can be understood/,
    );
  });
});
