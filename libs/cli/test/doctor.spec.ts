import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SigningKey, TestIssuer } from '@nmp/auth/testing';
import type { AccessTokenInput, TestIssuerOptions } from '@nmp/auth/testing';
import { FakeClock } from '../../sdk/test/support/fake-clock.js';
import type { StubAnswer } from '../../sdk/test/support/http-stub.js';
import type { CommandResult } from './support/command-line.js';
import { CommandLine } from './support/command-line.js';

interface Report {
  readonly sign_in_will_work: boolean;
  readonly findings: readonly { level: string; check: string; message: string; advice: string; config: string }[];
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

describe('nemo auth doctor', () => {
  let line: CommandLine;
  let issuer: TestIssuer;

  const startIssuer = (metadata: Record<string, unknown> = {}, more: TestIssuerOptions = {}): Promise<TestIssuer> =>
    TestIssuer.start({
      algorithm: 'ES256',
      ...more,
      metadata: {
        token_endpoint: line.idp.endpoint('/token'),
        device_authorization_endpoint: line.idp.endpoint('/device'),
        revocation_endpoint: line.idp.endpoint('/revoke'),
        grant_types_supported: [deviceGrant, 'password', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none'],
        ...metadata,
      },
    });

  beforeEach(async () => {
    line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
    line.idp.http.on('POST /device', line.idp.deviceCode());
    issuer = await startIssuer();
  });
  afterEach(() => Promise.all([issuer.close(), line.end()]));

  const client = ['--client-id', 'nmp-cli', '--audience', 'nmp-cli'];
  const doctor = (args: readonly string[] = [], token?: string): Promise<CommandResult> =>
    line.run(
      ['auth', 'doctor', ...(args.includes('--issuer') ? [] : ['--issuer', issuer.issuer]), ...client, ...args].concat(
        token === undefined ? [] : ['--with-token'],
      ),
      { readInput: () => Promise.resolve(`${token}\n`) },
    );
  const report = async (args: readonly string[] = [], token?: string): Promise<Report & { exitCode: number }> => {
    const { stdout, exitCode } = await doctor([...args, '-f', 'json'], token);
    return { ...(JSON.parse(stdout) as Report), exitCode };
  };
  const token = (input: AccessTokenInput = {}): Promise<string> => issuer.accessToken({ groups: ['g'], ...input });

  it('finds nothing wrong with a good provider, and needs no platform', async () => {
    const { exitCode, stdout, stderr } = await doctor();
    expect(stdout).not.toMatch(/^(warning|problem)/m);
    expect(stdout).toMatch(/^ok +discovery: .* calls itself http/m);
    expect(stderr).toBe('Signing in will work.\n');
    expect(exitCode).toBe(0);
    expect(line.platform.http.requests).toEqual([]);
  });

  it('finds nothing wrong with a good token, and does not print it', async () => {
    const good = await token();
    const { findings, exitCode } = await report([], good);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['signature', 'token', 'subject', 'email', 'groups', 'scopes']),
    );
    expect(exitCode).toBe(0);
    const { stdout, stderr } = await doctor([], good);
    for (const part of good.split('.')) expect(stdout + stderr).not.toContain(part);
  });

  it('prints what was found as data, too', async () => {
    expect((await doctor(['-f', 'csv'])).stdout).toMatch(/^Level,Check,Message,Advice,Config\nok,issuer,/);
    expect((await doctor(['-f', 'yaml'])).stdout).toMatch(/^sign_in_will_work: true\n/);
  });

  const issuers: [string, string, RegExp, string | null][] = [
    ['is no URL', 'idp', /not a URL/, null],
    ['is not https', 'http://idp.example.com', /not https/, 'auth.oidc.issuer: "https://idp.example.com"'],
    [
      'names no tenant',
      'https://login.microsoftonline.com/common/v2.0',
      /names no tenant/,
      'auth.oidc.issuer: "https://login.microsoftonline.com/<tenant id>/v2.0"',
    ],
    [
      'is a template',
      'https://login.microsoftonline.com/{tenantid}/v2.0',
      /several tenants/,
      'auth.oidc.tenants: ["<tenant id>"]',
    ],
    [
      "is Okta's organization server",
      'https://acme.okta.com',
      /organization server/,
      'auth.oidc.issuer: "https://acme.okta.com/oauth2/default"',
    ],
    ['is Google', 'https://accounts.google.com', /only Google can read/, null],
  ];
  it.each(issuers)('tells an issuer that %s', async (_, name, message, config) => {
    const world = { fetchTrusting: () => () => Promise.reject(new Error('no network')) };
    const { stdout, exitCode } = await line.run(['auth', 'doctor', '--issuer', name, ...client, '-f', 'json'], world);
    const { findings } = JSON.parse(stdout) as Report;
    expect(findings).toContainEqual(expect.objectContaining({ message: expect.stringMatching(message), config }));
    expect(exitCode).not.toBe(0);
  });

  it.each([
    ['trailing slash', (name: string) => `${name}/`, /differ in trailing slash/],
    ['letter case', (name: string) => name.replace('127.0.0.1', 'LOCALHOST'), /differ in/],
  ])('compares the issuer byte for byte: %s', async (_, odd, message) => {
    await issuer.close();
    issuer = await startIssuer();
    const named = odd(issuer.issuer);
    const { findings, exitCode } = await report(['--issuer', named]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'problem',
        check: 'discovery',
        message: expect.stringMatching(message),
        config: `auth.oidc.issuer: "${issuer.issuer}"`,
      }),
    );
    expect(exitCode).toBe(1);
  });

  it('finds the realm that moved from or to /auth', async () => {
    await issuer.close();
    issuer = await startIssuer({}, { path: '/realms/acme' });
    const { findings } = await report(['--issuer', `${issuer.origin}/auth/realms/acme`]);
    expect(findings).toContainEqual(expect.objectContaining({ config: `auth.oidc.issuer: "${issuer.issuer}"` }));
  });

  it.each<[string, Parameters<TestIssuer['fail']>[0], number, RegExp]>([
    ['no connection', 'refuse', 3, /cannot be reached/],
    ['an outage', { status: 503 }, 3, /HTTP 503/],
    ['nothing there', { status: 404, body: '<html>' }, 1, /HTTP 404/],
    ['a page', { status: 200, body: '<html>' }, 1, /not a JSON object/],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://portal.example/x?token=y' } },
      1,
      /portal\.example\/x$/,
    ],
  ])('tells %s', async (_, outage, exitCode, message) => {
    issuer.fail(outage);
    const found = await report();
    expect(found.findings).toContainEqual(
      expect.objectContaining({ level: 'problem', check: 'discovery', message: expect.stringMatching(message) }),
    );
    expect(found).toMatchObject({ exitCode, sign_in_will_work: false });
  });

  const documents: [string, Record<string, unknown>, 'problem' | 'warning', string, RegExp][] = [
    ['no device grant', { device_authorization_endpoint: undefined }, 'problem', 'device grant', /has no/],
    ['a device grant that is off', { grant_types_supported: ['password'] }, 'warning', 'device grant', /not among/],
    ['no token endpoint', { token_endpoint: undefined }, 'problem', 'token endpoint', /has no/],
    ['plain http', { token_endpoint: 'http://idp.example.com/t' }, 'problem', 'token endpoint', /not https/],
    ['no password grant', { grant_types_supported: [deviceGrant] }, 'warning', 'password grant', /Not offered/],
    ['no word of grants', { grant_types_supported: undefined }, 'warning', 'password grant', /does not tell/],
    [
      'confidential clients alone',
      { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
      'warning',
      'client',
      /no secret here/,
    ],
    ['no revocation', { revocation_endpoint: undefined }, 'warning', 'sign-out', /cannot be revoked/],
    ['no keys', { jwks_uri: undefined }, 'problem', 'keys', /no "jwks_uri"/],
    ['scopes it does not list', { scopes_supported: ['openid'] }, 'warning', 'scopes', /does not list/],
  ];
  it.each(documents)('tells a document with %s', async (_, metadata, level, check, message) => {
    await issuer.close();
    issuer = await startIssuer(metadata);
    const { findings, exitCode } = await report();
    expect(findings).toContainEqual(expect.objectContaining({ level, check, message: expect.stringMatching(message) }));
    expect(exitCode).toBe(level === 'problem' ? 1 : 0);
  });

  it('judges keys as the platform does', async () => {
    issuer.publish([{ kty: 'oct', k: 'c2VjcmV0' }]);
    expect((await report()).findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'keys', message: expect.stringMatching(/None of the 1/) }),
        expect.objectContaining({ check: 'keys', message: expect.stringMatching(/private or symmetric/) }),
      ]),
    );
    issuer.publish(undefined);
    await issuer.rotateKeys({ keepOld: false, algorithm: 'ES384' });
    expect((await report()).findings).toContainEqual(
      expect.objectContaining({ config: 'auth.algorithms: ["RS256","ES256","ES384"]' }),
    );
  });

  it.each<[string, StubAnswer, RegExp]>([
    ['the client is unknown', { status: 401, json: { error: 'invalid_client' } }, /invalid_client/],
    ['the scopes are', { status: 400, json: { error: 'invalid_scope' } }, /--scope/],
    ['the grant is off', { status: 400, json: { error: 'unauthorized_client' } }, /switch on the device/],
  ])('tells that %s, by beginning a sign-in', async (_, answer, message) => {
    line.idp.http.on('POST /device', answer);
    const { findings, exitCode } = await report();
    expect(findings).toContainEqual(
      expect.objectContaining({ level: 'problem', check: 'sign-in', message: expect.stringMatching(message) }),
    );
    expect(exitCode).toBe(1);
  });

  it('tells clocks that disagree', async () => {
    line.clock.advance(-90);
    expect((await report()).findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        check: 'clock',
        message: expect.stringMatching(/(89|9\d) s behind/),
      }),
    );
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
    expect((await report(args)).findings).toContainEqual(
      expect.objectContaining({ check, message: expect.stringMatching(message), config }),
    );
  });

  it('says what an audience that is not set means', async () => {
    const args = ['auth', 'doctor', '--issuer', issuer.issuer, '--client-id', 'nmp-cli'];
    expect((await line.run(args)).stdout).toMatch(/^warning +audience: Tokens must carry nmp-cli/m);
  });

  describe('with a token', () => {
    const odd: [string, AccessTokenInput, string, RegExp, string | null][] = [
      ['of another audience', { audience: 'api' }, 'token', /audience/, 'auth.oidc.audience: "api"'],
      ['of nobody', { claims: { aud: undefined } }, 'token', /no audience/, 'auth.oidc.accept_authorized_party: true'],
      [
        'of another issuer',
        { claims: { iss: 'https://other.example' } },
        'token',
        /not from/,
        'auth.oidc.issuer: "https://other.example"',
      ],
      ['that has expired', { expiresInSeconds: -100 }, 'token', /expired/, null],
      ['of the future', { claims: { nbf: 9_999_999_999 } }, 'token', /not valid yet/, null],
      ['without an end', { claims: { exp: undefined } }, 'token', /"exp"/, null],
      ['that is an ID token', { claims: { nonce: 'n' } }, 'token', /not an access token/, null],
      ['with a crit header', { header: { crit: ['x'] } }, 'token', /cannot be read/, null],
      ['with an unknown key', { header: { kid: 'other' } }, 'signature', /not among the keys/, null],
      ['without a subject', { claims: { sub: undefined } }, 'subject', /subject/, 'auth.oidc.subject_claim: "sub"'],
      [
        'with the e-mail elsewhere',
        { claims: { email: undefined, upn: 'a@example.com' } },
        'email',
        /missing/,
        'auth.oidc.email_claim: "upn"',
      ],
      [
        'with the groups elsewhere',
        { claims: { groups: undefined, roles: ['r'] } },
        'groups',
        /missing/,
        'auth.oidc.groups_claim: "roles"',
      ],
      ['with too many groups', { claims: { groups: undefined, hasgroups: true } }, 'groups', /too many/, null],
      ['without the scopes', { scope: 'openid' }, 'scopes', /lacks platform:read platform:write/, null],
      [
        'with scopes under a prefix',
        { scope: 'api://nmp/platform:read api://nmp/platform:write' },
        'scopes',
        /with a prefix/,
        'auth.oidc.scope_prefix: "api://nmp/"',
      ],
    ];
    it.each(odd)('tells one %s', async (_, input, check, message, config) => {
      const { findings } = await report([], await token(input));
      expect(findings).toContainEqual(
        expect.objectContaining({ check, message: expect.stringMatching(message), config }),
      );
    });

    it('tells everything that is wrong at once', async () => {
      const bad = await token({ audience: 'api', claims: { iss: 'https://other.example' }, expiresInSeconds: -100 });
      const { findings, exitCode } = await report([], bad);
      expect(findings.filter(({ level, check }) => level === 'problem' && check === 'token')).toHaveLength(3);
      expect(exitCode).toBe(1);
    });

    it('tells one that somebody else signed', async () => {
      const forged = await token({ key: await SigningKey.generate('ES256'), header: { kid: issuer.signingKey.kid } });
      expect((await report([], forged)).findings).toContainEqual(
        expect.objectContaining({ level: 'problem', check: 'signature', message: expect.stringMatching(/not verify/) }),
      );
    });

    it.each([
      ['opaque', 'opaque-token', /opaque/],
      ['encrypted', 'a.b.c.d.e', /encrypted/],
    ])('tells one that is %s, and what to ask for', async (_, text, message) => {
      expect((await report([], text)).findings).toContainEqual(
        expect.objectContaining({
          message: expect.stringMatching(message),
          config: 'auth.oidc.login_parameters: { audience: "nmp-cli" }',
        }),
      );
    });
  });

  describe('with a platform', () => {
    const examine = (): Promise<CommandResult> => line.run(['auth', 'doctor', '--base-url', line.platform.url]);
    const signIn = async (input: AccessTokenInput = {}): Promise<void> =>
      line.config.signIn({ baseUrl: line.platform.url, token: await token(input) });

    beforeEach(() => line.platform.discovers({ issuer: issuer.issuer }));

    it('examines its provider, and the sign-in that is stored', async () => {
      await signIn();
      line.platform.on('GET /apis/auth/v2/whoami', {
        json: { principal: { kind: 'user', id: 'user-1', email: 'user@example.com' }, scopes: [] },
      });
      const { exitCode, stdout } = await examine();
      expect(stdout).not.toMatch(/^(warning|problem)/m);
      expect(stdout).toMatch(/^ok +whoami: .*user@example.com/m);
      expect(exitCode).toBe(0);
    });

    it('tells what the platform says of a token it refuses', async () => {
      await signIn();
      line.platform.on('GET /apis/auth/v2/whoami', { status: 401, json: { detail: 'Invalid or expired token' } });
      expect(await examine()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^problem +whoami: /m) });
    });

    it.each<[string, () => void, number, RegExp]>([
      ['wants nobody to sign in', () => line.platform.discovers(null, false), 0, /^warning +platform: .*nobody/m],
      ['has no provider', () => line.platform.discovers(null), 1, /^problem +platform: .*\n.*auth\.oidc\.issuer/m],
      ['is down', () => line.platform.on('GET /apis/auth/discovery', { status: 503 }), 3, /^problem +platform: /m],
    ])('that %s', async (_, prepare, exitCode, message) => {
      prepare();
      expect(await examine()).toMatchObject({ exitCode, stdout: expect.stringMatching(message) });
    });

    it('tells when its clock and the provider’s are too far apart', async () => {
      const document = { auth_enabled: true, oidc: { issuer: issuer.issuer, client_id: 'nmp-cli' } };
      const date = new Date(Date.now() - 120_000).toUTCString();
      line.platform.on('GET /apis/auth/discovery', { json: document, headers: { date } });
      expect(await examine()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/apart/) });
    });
  });
});
