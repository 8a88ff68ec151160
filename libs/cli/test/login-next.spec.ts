import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StubAnswer } from '../../sdk/test/support/http-stub.js';
import { CommandLine } from './support/command-line.js';

const whoami = 'GET /apis/auth/v2/whoami';

describe('what comes after a sign-in', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    line.allowDeviceLogin();
  });
  afterEach(() => line.end());

  const login = async (answer: StubAnswer): Promise<string> => {
    line.platform.on(whoami, answer);
    const { exitCode, stderr } = await line.run(['auth', 'login', '--base-url', line.platform.url]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Saved in ');
    return stderr;
  };

  it.each<[string, StubAnswer]>([
    ['accepts it', { json: { principal: { kind: 'user', id: 'alice-id' }, scopes: [] } }],
    ['is older and cannot be asked', { status: 404, json: { detail: 'Not Found' } }],
    ['has trouble of its own', { status: 503, json: { detail: 'Later' } }],
    ['does not answer', { breakConnection: true }],
  ])('is to look at the workspaces, where the platform %s', async (_, answer) => {
    const stderr = await login(answer);
    expect(stderr).toMatch(/\nNext: nemo workspaces list\n$/);
    expect(stderr).not.toContain('Warning');
    const token = (await line.config.file.read()).context('default')?.credentials?.token;
    expect([...new Set(line.platform.bearers)]).toEqual([token]);
  });

  it.each<[string, StubAnswer, RegExp]>([
    [
      'knows no such path',
      { status: 404, json: { statusCode: 404, message: 'Cannot GET /apis/auth/v2/whoami' } },
      /\nWarning: There is no platform at http:.*: what answers there does not know \/apis\/auth\/v2\/whoami\. If /,
    ],
    [
      'answers with a page',
      { text: '<html>' },
      /\nWarning: .* answered, but not like the platform: .*JSON; check the address \(--base-url, or NMP_BASE_URL\)\. If /,
    ],
  ])('is the token, where no platform is but something that %s', async (_, answer, warning) => {
    const stderr = await login(answer);
    expect(stderr).toMatch(warning);
    expect(stderr).toMatch(/its token is what you need\nNext: nemo auth token\n$/);
    expect(stderr).not.toContain('workspaces');
  });

  it('is to find out why, where the platform refuses it', async () => {
    const stderr = await login({ status: 401, json: { detail: 'Invalid or expired token: audience' } });
    expect(stderr).toMatch(
      /\nWarning: The platform does not accept this sign-in: \(401\) Invalid or expired token: audience\nNext: nemo auth doctor\n$/,
    );
  });

  it('is nothing, where the discovery document is missing', async () => {
    line.platform.on('GET /apis/auth/discovery', { status: 404, json: { message: 'Not Found' } });
    const { exitCode, stderr } = await line.run(['auth', 'login', '--base-url', line.platform.url]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /not like the platform: it answered with HTTP 404; check the address \(--base-url, or NMP_BASE_URL\)\n$/,
    );
    expect(stderr).not.toMatch(/Next|Saved/);
  });
});
