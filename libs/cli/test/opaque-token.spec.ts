import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './support/command-line.js';

describe('nemo auth status with a token that is no JWT', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.config.signIn({ baseUrl: line.platform.url, token: 'an-opaque-token' });
  });
  afterEach(() => line.end());

  it('says so, and how to find out what the platform thinks of it', async () => {
    const { exitCode, stdout, stderr } = await line.run(['auth', 'status'], { programName: 'nmp' });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Token +opaque: it is not a JWT that can be read$/m);
    expect(stdout + stderr).not.toContain('an-opaque-token');
    expect(stderr).toBe(
      'The token is not a JWT, and few platforms accept others. To ask this one, run: nmp auth status --check\n',
    );
  });

  it('tells programs', async () => {
    expect(JSON.parse((await line.run(['auth', 'status', '-f', 'json'])).stdout)).toMatchObject({
      token_format: 'opaque',
      expires_at: null,
    });
    await line.signedIn();
    expect(JSON.parse((await line.run(['auth', 'status', '-f', 'json'])).stdout)).toMatchObject({
      token_format: 'jwt',
    });
    await line.run(['auth', 'logout']);
    expect(JSON.parse((await line.run(['auth', 'status', '-f', 'json'])).stdout)).toMatchObject({ token_format: null });
  });

  it('has nothing to add with --check when the platform accepts it', async () => {
    const whoami = { principal: { kind: 'user', id: 'alice-id' }, scopes: [] };
    line.platform.on('GET /apis/auth/v2/whoami', { json: whoami });
    const { exitCode, stdout, stderr } = await line.run(['auth', 'status', '--check']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Platform says +accepted as alice-id$/m);
  });

  it('says with --check what an administrator can do when the platform refuses it', async () => {
    line.platform.on('GET /apis/auth/v2/whoami', { status: 401, json: { detail: 'Invalid or expired token' } });
    const { exitCode, stderr } = await line.run(['auth', 'status', '--check']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/does not accept this sign-in\..*\nThe token is not a JWT\. .*auth\.oidc\.login_parameters/);
  });

  it('says nothing of the kind about a JWT', async () => {
    await line.signedIn();
    const { stdout, stderr } = await line.run(['auth', 'status']);
    expect(stdout).toMatch(/^Token +JWT$/m);
    expect(stderr).toBe('');
  });
});
