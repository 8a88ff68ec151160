import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestIssuer } from '@nmp/auth/testing';
import type { StubAnswer } from '../../sdk/test/support/http-stub.js';
import type { Report } from './support/examination.js';
import { client, deviceGrant, Examination } from './support/examination.js';

describe('nemo auth doctor of a provider', () => {
  let examination: Examination;

  beforeEach(async () => {
    examination = await Examination.start();
  });
  afterEach(() => examination.end());

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
    const { stdout, exitCode } = await examination.line.run(
      ['auth', 'doctor', '--issuer', name, ...client, '-f', 'json'],
      world,
    );
    const { findings } = JSON.parse(stdout) as Report;
    expect(findings).toContainEqual(expect.objectContaining({ message: expect.stringMatching(message), config }));
    expect(exitCode).not.toBe(0);
  });

  it.each([
    ['trailing slash', (name: string) => `${name}/`, /differ in trailing slash/],
    ['letter case', (name: string) => name.replace('127.0.0.1', 'LOCALHOST'), /differ in/],
  ])('compares the issuer byte for byte: %s', async (_, odd, message) => {
    await examination.replaceIssuer();
    const named = odd(examination.issuer.issuer);
    const { findings, exitCode } = await examination.report(['--issuer', named]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'problem',
        check: 'discovery',
        message: expect.stringMatching(message),
        config: `auth.oidc.issuer: "${examination.issuer.issuer}"`,
      }),
    );
    expect(exitCode).toBe(1);
  });

  it('finds the realm that moved from or to /auth', async () => {
    await examination.replaceIssuer({}, { path: '/realms/acme' });
    const { findings } = await examination.report(['--issuer', `${examination.issuer.origin}/auth/realms/acme`]);
    expect(findings).toContainEqual(
      expect.objectContaining({ config: `auth.oidc.issuer: "${examination.issuer.issuer}"` }),
    );
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
    examination.issuer.fail(outage);
    const found = await examination.report();
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
    ['no revocation', { revocation_endpoint: undefined }, 'warning', 'sign-out', /cannot be revoked/],
    ['no keys', { jwks_uri: undefined }, 'problem', 'keys', /no "jwks_uri"/],
    ['scopes it does not list', { scopes_supported: ['openid'] }, 'warning', 'scopes', /does not list/],
  ];
  it.each(documents)('tells a document with %s', async (_, metadata, level, check, message) => {
    await examination.replaceIssuer(metadata);
    const { findings, exitCode } = await examination.report();
    expect(findings).toContainEqual(expect.objectContaining({ level, check, message: expect.stringMatching(message) }));
    expect(exitCode).toBe(level === 'problem' ? 1 : 0);
  });

  describe('that names no way for clients without a secret', () => {
    const methods = { token_endpoint_auth_methods_supported: ['client_secret_basic'] };

    it('is believed when there is no other way to know', async () => {
      await examination.replaceIssuer({ ...methods, device_authorization_endpoint: undefined });
      expect((await examination.report()).findings).toContainEqual(
        expect.objectContaining({
          level: 'warning',
          check: 'client',
          message: expect.stringMatching(/no secret here/),
        }),
      );
    });

    it('is not believed when it has just given such a client a code', async () => {
      await examination.replaceIssuer(methods);
      const { findings } = await examination.report();
      expect(findings.filter(({ check }) => check === 'client' || check === 'sign-in')).toEqual([
        expect.objectContaining({ level: 'ok', message: 'nmp-cli, without a secret' }),
        expect.objectContaining({ level: 'ok', message: expect.stringMatching(/gives nmp-cli a code/) }),
      ]);
    });
  });

  it('judges keys as the platform does', async () => {
    examination.issuer.publish([{ kty: 'oct', k: 'c2VjcmV0' }]);
    expect((await examination.report()).findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'keys', message: expect.stringMatching(/None of the 1/) }),
        expect.objectContaining({ check: 'keys', message: expect.stringMatching(/private or symmetric/) }),
      ]),
    );
    examination.issuer.publish(undefined);
    await examination.issuer.rotateKeys({ keepOld: false, algorithm: 'ES384' });
    expect((await examination.report()).findings).toContainEqual(
      expect.objectContaining({ config: 'auth.algorithms: ["RS256","ES256","ES384"]' }),
    );
  });

  it.each<[string, StubAnswer, RegExp]>([
    ['the client is unknown', { status: 401, json: { error: 'invalid_client' } }, /invalid_client/],
    ['the scopes are', { status: 400, json: { error: 'invalid_scope' } }, /--scope/],
    ['the grant is off', { status: 400, json: { error: 'unauthorized_client' } }, /switch on the device/],
  ])('tells that %s, by beginning a sign-in', async (_, answer, message) => {
    examination.line.idp.http.on('POST /device', answer);
    const { findings, exitCode } = await examination.report();
    expect(findings).toContainEqual(
      expect.objectContaining({ level: 'problem', check: 'sign-in', message: expect.stringMatching(message) }),
    );
    expect(exitCode).toBe(1);
  });

  it('tells clocks that disagree', async () => {
    examination.line.clock.advance(-90);
    expect((await examination.report()).findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        check: 'clock',
        message: expect.stringMatching(/(89|9\d) s behind/),
      }),
    );
  });
});
