import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessTokenInput } from '@nmp/auth/testing';
import type { CommandResult } from './support/command-line.js';
import { Examination } from './support/examination.js';

describe('nemo auth doctor', () => {
  let examination: Examination;

  beforeEach(async () => {
    examination = await Examination.start();
  });
  afterEach(() => examination.end());

  it('finds nothing wrong with a good provider, and needs no platform', async () => {
    const { exitCode, stdout, stderr } = await examination.run();
    expect(stdout).not.toMatch(/^(warning|problem)/m);
    expect(stdout).toMatch(/^ok +discovery: .* calls itself http/m);
    expect(stderr).toBe('Signing in will work.\n');
    expect(exitCode).toBe(0);
    expect(examination.line.platform.http.requests).toEqual([]);
  });

  it('prints what was found as data, too', async () => {
    expect((await examination.run(['-f', 'csv'])).stdout).toMatch(/^Level,Check,Message,Advice,Config\nok,issuer,/);
    expect((await examination.run(['-f', 'yaml'])).stdout).toMatch(/^sign_in_will_work: true\n/);
  });

  const settings: [string, string[], string, RegExp, string | null][] = [
    [
      'a prefix without its end',
      ['--scope-prefix', 'api://nmp'],
      'scope prefix',
      /read as "api:\/\/nmp\/"/,
      'auth.oidc.scope_prefix: "api://nmp/"',
    ],
    ['a dotted claim', ['--groups-claim', 'realm_access.roles'], 'claims', /realm_access → roles/, null],
    ['a claim that is no path', ['--groups-claim', 'a."b'], 'claims', /cannot be read/, null],
  ];
  it.each(settings)('tells %s', async (_, args, check, message, config) => {
    expect((await examination.report(args)).findings).toContainEqual(
      expect.objectContaining({ check, message: expect.stringMatching(message), config }),
    );
  });

  it('says what an audience that is not set means', async () => {
    const args = ['auth', 'doctor', '--issuer', examination.issuer.issuer, '--client-id', 'nmp-cli'];
    expect((await examination.line.run(args)).stdout).toMatch(/^warning +audience: Tokens must carry nmp-cli/m);
    const alone = await examination.line.run(['auth', 'doctor', '--issuer', examination.issuer.issuer]);
    expect(alone.stdout).toContain('audience: Tokens must carry the client id in "aud", since no audience is given\n');
  });

  describe('with a platform', () => {
    const examine = (): Promise<CommandResult> =>
      examination.line.run(['auth', 'doctor', '--base-url', examination.line.platform.url]);
    const signIn = async (input: AccessTokenInput = {}): Promise<void> =>
      examination.line.config.signIn({ baseUrl: examination.line.platform.url, token: await examination.token(input) });

    beforeEach(() => examination.line.platform.discovers({ issuer: examination.issuer.issuer }));

    it('examines its provider, and the sign-in that is stored', async () => {
      await signIn();
      examination.line.platform.on('GET /apis/auth/v2/whoami', {
        json: { principal: { kind: 'user', id: 'user-1', email: 'user@example.com' }, scopes: [] },
      });
      const { exitCode, stdout } = await examine();
      expect(stdout).not.toMatch(/^(warning|problem)/m);
      expect(stdout).toMatch(/^ok +whoami: .*user@example.com/m);
      expect(exitCode).toBe(0);
    });

    it('tells what the platform says of a token it refuses', async () => {
      await signIn();
      examination.line.platform.on('GET /apis/auth/v2/whoami', {
        status: 401,
        json: { detail: 'Invalid or expired token' },
      });
      expect(await examine()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^problem +whoami: /m) });
    });

    describe('tells what is wrong with the present sign-in alone', () => {
      const refuse = (): void =>
        examination.line.platform.on('GET /apis/auth/v2/whoami', {
          status: 401,
          json: { detail: 'Invalid or expired token' },
        });
      const iat = Math.floor(Date.now() / 1000) - 400;
      const otherKey = { header: { kid: 'gone' }, claims: { iat } };

      it.each<[string, () => Promise<void>, RegExp]>([
        ['a token that has expired', () => signIn({ expiresInSeconds: -100 }), /^warning +token: .*no refresh token/m],
        [
          'a key that is gone',
          async () => {
            await signIn(otherKey);
            refuse();
          },
          /^warning +signature: .*not among the keys.*\n +To do: Sign in again\. [^]*^warning +whoami: /m,
        ],
      ])('%s', async (_, prepare, message) => {
        await prepare();
        const { exitCode, stdout, stderr } = await examine();
        expect(stdout).toMatch(message);
        expect(stdout).toMatch(/Run: nemo auth login$/m);
        expect(stdout).not.toMatch(/^problem/m);
        expect(stderr).toBe('Signing in will work. The present sign-in is no good.\n');
        expect(exitCode).toBe(0);
      });

      it('but not that a token of just now has a key that the provider does not publish', async () => {
        await signIn({ header: { kid: 'gone' } });
        refuse();
        expect(await examine()).toMatchObject({
          exitCode: 1,
          stdout: expect.stringMatching(/^problem +signature: [^]*^problem +whoami: /m),
          stderr: 'Signing in will not work: 2 problem(s).\n',
        });
      });

      it('a token in the environment', async () => {
        refuse();
        const env = { NMP_ACCESS_TOKEN: await examination.token({ expiresInSeconds: -100 }) };
        const { platform } = examination.line;
        const { exitCode, stdout } = await examination.line.run(['auth', 'doctor', '--base-url', platform.url], {
          env,
        });
        expect(stdout).toMatch(
          /^warning +token: .*expired.*\n +To do: Set NMP_ACCESS_TOKEN to another token, or unset/m,
        );
        expect(exitCode).toBe(0);
      });

      it.each([503, 429])('and not that the platform is busy: %i', async (status) => {
        await signIn();
        examination.line.platform.on('GET /apis/auth/v2/whoami', {
          status,
          headers: { 'retry-after': '600' },
          json: { detail: 'Identity provider unavailable' },
        });
        expect(await examine()).toMatchObject({
          exitCode: 3,
          stdout: expect.stringMatching(/^problem +whoami: /m),
          stderr: expect.stringMatching(/^Not everybody .* answers: try again later\.\n$/),
        });
      });
    });

    it.each<[string, () => void, number, RegExp]>([
      [
        'wants nobody to sign in',
        () => examination.line.platform.discovers(null, false),
        0,
        /^warning +platform: .*nobody/m,
      ],
      [
        'has no provider',
        () => examination.line.platform.discovers(null),
        1,
        /^problem +platform: .*\n.*auth\.oidc\.issuer/m,
      ],
      [
        'is down',
        () => examination.line.platform.on('GET /apis/auth/discovery', { status: 503 }),
        3,
        /^problem +platform: /m,
      ],
    ])('that %s', async (_, prepare, exitCode, message) => {
      prepare();
      expect(await examine()).toMatchObject({ exitCode, stdout: expect.stringMatching(message) });
    });

    it('tells when its clock and the provider’s are too far apart', async () => {
      const document = { auth_enabled: true, oidc: { issuer: examination.issuer.issuer, client_id: 'nmp-cli' } };
      const date = new Date(Date.now() - 120_000).toUTCString();
      examination.line.platform.on('GET /apis/auth/discovery', { json: document, headers: { date } });
      expect(await examine()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/apart/) });
    });
  });
});
