import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SecurePlatform } from '../../sdk/test/support/secure-platform.js';
import { TypescriptProcess } from '../../sdk/test/support/typescript-process.js';
import { CommandLine } from './support/command-line.js';

const program = join(import.meta.dirname, 'support', 'start-main.ts');

describe('a platform with a certificate of a private authority', () => {
  let line: CommandLine;
  let platform: SecurePlatform;
  let config: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    line.allowDeviceLogin();
    const discovery = {
      auth_enabled: true,
      oidc: {
        issuer: line.idp.issuer,
        token_endpoint: line.idp.endpoint('/token'),
        device_authorization_endpoint: line.idp.endpoint('/device'),
        client_id: 'nmp-cli',
        default_scopes: 'openid platform:read',
      },
    };
    const answers: Record<string, unknown> = {
      '/apis/auth/discovery': discovery,
      '/apis/auth/v2/whoami': { principal: { kind: 'user', id: 'alice-id' }, scopes: [] },
    };
    platform = await SecurePlatform.start((path) => answers[path]);
    await writeFile(join(line.config.directory, 'ca.pem'), platform.authority);
    config = `clusters:
  - name: work
    base_url: ${platform.url}
    certificate_authority: ca.pem # ours
contexts:
  - name: default
    cluster: work
`;
    await line.config.write(config);
  });
  afterEach(async () => {
    await platform.close();
    await line.end();
  });

  it('is signed in to and asked with what the cluster names, which stays in the file', async () => {
    expect(await line.run(['auth', 'login'])).toMatchObject({ exitCode: 0 });
    expect(await line.config.read()).toContain('certificate_authority: ca.pem # ours');
    expect(await line.run(['auth', 'status', '--check'])).toMatchObject({ exitCode: 0 });
  });

  it('is asked by the program as it is started, too', async () => {
    await line.run(['auth', 'login'], {});
    const env = { NMP_CONFIG_FILE: line.config.path, HOME: line.config.directory };
    const whoami = await TypescriptProcess.start(program, ['auth', 'whoami', '-f', 'json'], env).result();
    expect(whoami).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('alice-id') });
  });

  it('is not trusted otherwise, and what to do is said', async () => {
    await line.config.write(config.replace(/ +certificate_authority.*\n/, ''));
    const { exitCode, stderr } = await line.run(['auth', 'login']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /SELF_SIGNED_CERT\)\. If .*certificate_authority of the cluster in the configuration file\n$/,
    );
  });

  it.each([['login'], ['doctor'], ['doctor --issuer https://idp.example.com --client-id x']])(
    'is not asked by auth %s while the setting is wrong',
    async (command) => {
      await line.config.write(config.replace('ca.pem', 'missing.pem'));
      const { exitCode, stderr } = await line.run(['auth', ...command.split(' ')]);
      expect(stderr).toMatch(/Error: certificate_authority of the cluster "work" .* cannot be read \(ENOENT\)/);
      expect(exitCode).toBe(1);
    },
  );
});
