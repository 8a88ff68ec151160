import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lookalikeToken } from '../../sdk/test/support/lookalike-token.js';
import { CommandLine } from './support/command-line.js';

describe('in a workload', () => {
  let line: CommandLine;
  let env: Record<string, string>;
  let token: string;

  beforeEach(async () => {
    line = await CommandLine.start();
    const file = join(line.config.directory, 'token');
    await writeFile(file, 'workload-1\n');
    env = { NMP_BASE_URL: line.platform.url, NMP_WORKLOAD_IDENTITY_TOKEN_FILE: file };
    const now = line.clock.now().getTime() / 1000;
    token = lookalikeToken({ sub: 'ml-training', iat: now, exp: now + 3600, scope: 'platform:read' });
    const endpoint = `${line.platform.url}/apis/auth/token`;
    line.platform.discovers({ workload_token_exchange_enabled: true, workload_token_endpoint: endpoint });
    line.platform.on('POST /apis/auth/token', {
      json: { access_token: token, token_type: 'Bearer', expires_in: 3600 },
    });
    line.platform.hasWorkspaces('one');
  });
  afterEach(() => line.end());

  it('commands use the token that was exchanged for its own', async () => {
    expect(await line.run(['workspaces', 'list', '-f', 'json'], { env })).toMatchObject({ exitCode: 0 });
    expect(line.platform.bearers).toContain(token);
  });

  it('auth token prints it, and auth status tells where it comes from', async () => {
    expect(await line.run(['auth', 'token'], { env })).toMatchObject({ exitCode: 0, stdout: `${token}\n` });
    const { exitCode, stdout } = await line.run(['auth', 'status'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Credentials\s+NMP_WORKLOAD_IDENTITY_TOKEN_FILE$/m);
    expect(stdout).toMatch(/^User ID\s+ml-training$/m);
  });

  it('says what to do when the platform exchanges nothing', async () => {
    line.platform.discovers({});
    const { exitCode, stderr } = await line.run(['auth', 'token'], { env });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('rule in token_exchange');
  });
});
