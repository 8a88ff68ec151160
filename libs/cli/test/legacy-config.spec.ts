import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

const nobody =
  'Nobody is signed in: context "default" holds an API key, and the platform takes API keys no more. Signing in replaces it.';

describe('with a file of a version that signed in by API key', () => {
  let line: CommandLine;

  const holds = (user: string): Promise<void> =>
    line.config.write(`current_context: default
clusters:
  - { name: c, base_url: "${line.platform.url}" }
users:
  - ${user}
contexts:
  - { name: default, cluster: c, user: u }
`);

  beforeEach(async () => {
    line = await CommandLine.start();
    await holds('{ name: u, type: api-key, api_key: alice@example.com }');
  });
  afterEach(() => line.end());

  it('nobody is signed in, and every command says why and what to do', async () => {
    const refusal = { status: 401, json: { code: 'missing_token', detail: 'Unauthorized' } };
    line.platform.on('GET /apis/entities/v2/workspaces', refusal);
    for (const args of [
      ['auth', 'token'],
      ['auth', 'refresh'],
      ['workspaces', 'list'],
    ]) {
      await expect(line.run(args)).resolves.toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `Error: ${nobody} Run: nemo auth login\n`,
      });
    }
    const status = await line.run(['auth', 'status']);
    expect(status).toMatchObject({ exitCode: 1, stderr: `${nobody} Run: nemo auth login\n` });
    expect(line.platform.bearers).toEqual([undefined]);
  });

  it.each(['{ name: u, api_key: k }', '{ name: u, type: api-key, api_key: k }'])(
    'a sign-in replaces the key of %s',
    async (user) => {
      await holds(user);
      line.allowDeviceLogin();
      expect(await line.run(['auth', 'login'])).toMatchObject({ exitCode: 0 });
      expect(await line.config.read()).not.toContain('api_key');
      expect(await line.run(['auth', 'status'])).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('logout forgets the key and says so', async () => {
    expect(await line.run(['auth', 'logout'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/The API key it held, which the platform takes no more, is forgotten\.\n$/),
    });
    expect(await line.config.read()).not.toMatch(/api_key|alice/);
    expect(await line.run(['auth', 'status'])).toMatchObject({ stderr: 'Nobody is signed in. Run: nemo auth login\n' });
  });

  it('an empty key, or one beside a user without sign-in, is none', async () => {
    for (const user of ['{ name: u, type: api-key, api_key: "" }', '{ name: u, type: no-auth, api_key: k }']) {
      await holds(user);
      expect(await line.run(['auth', 'status'])).toMatchObject({
        exitCode: 1,
        stderr: 'Nobody is signed in. Run: nemo auth login\n',
      });
    }
  });
});
