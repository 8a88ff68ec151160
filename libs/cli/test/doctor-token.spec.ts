import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SigningKey } from '@nmp/auth/testing';
import type { AccessTokenInput } from '@nmp/auth/testing';
import type { Report } from './support/examination.js';
import { client, Examination } from './support/examination.js';

describe('nemo auth doctor with a token', () => {
  let examination: Examination;

  beforeEach(async () => {
    examination = await Examination.start();
  });
  afterEach(() => examination.end());

  it('finds nothing wrong with a good token, and does not print it', async () => {
    const good = await examination.token();
    const { findings, exitCode } = await examination.report([], good);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['signature', 'token', 'subject', 'email', 'groups', 'scopes']),
    );
    expect(exitCode).toBe(0);
    const { stdout, stderr } = await examination.run([], good);
    for (const part of good.split('.')) expect(stdout + stderr).not.toContain(part);
  });

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
    [
      'with an address that is not verified',
      { claims: { email_verified: false } },
      'email',
      /"email_verified" is false/,
      'auth.accept_unverified_email: true',
    ],
    ['of somebody without groups', { claims: { groups: [] } }, 'groups', /is there, and names no group/, null],
    ['without groups anywhere', { claims: { groups: undefined } }, 'groups', /missing/, null],
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
    const { findings } = await examination.report([], await examination.token(input));
    expect(findings).toContainEqual(
      expect.objectContaining({ check, message: expect.stringMatching(message), config }),
    );
  });

  it('advises nothing to somebody without groups', async () => {
    const { stdout } = await examination.run([], await examination.token({ claims: { groups: [] } }));
    expect(stdout).toMatch(/^ok +groups: /m);
    expect(stdout).not.toMatch(/To do/);
  });

  it.each([
    ['not at all', {}, 'ok', /was not issued in the future/],
    [
      'by at least so much',
      { claims: { iat: Math.floor(Date.now() / 1000) + 600 } },
      'warning',
      /at least (5|6)\d\d s behind/,
    ],
  ])('tells by it how far the clocks are apart, without a Date header: %s', async (_, input, level, message) => {
    const token = await examination.token(input);
    const { issuer, line } = examination;
    const { stdout } = await line.run(
      ['auth', 'doctor', '--issuer', issuer.issuer, ...client, '--with-token', '-f', 'json'],
      {
        readInput: () => Promise.resolve(token),
        fetchTrusting: () => timelessFetch,
      },
    );
    expect((JSON.parse(stdout) as Report).findings).toContainEqual(
      expect.objectContaining({ level, check: 'clock', message: expect.stringMatching(message) }),
    );
  });

  it('tells everything that is wrong at once', async () => {
    const bad = await examination.token({
      audience: 'api',
      claims: { iss: 'https://other.example' },
      expiresInSeconds: -100,
    });
    const { findings, exitCode } = await examination.report([], bad);
    expect(findings.filter(({ level, check }) => level === 'problem' && check === 'token')).toHaveLength(3);
    expect(exitCode).toBe(1);
  });

  it('tells one that somebody else signed', async () => {
    const forged = await examination.token({
      key: await SigningKey.generate('ES256'),
      header: { kid: examination.issuer.signingKey.kid },
    });
    expect((await examination.report([], forged)).findings).toContainEqual(
      expect.objectContaining({ level: 'problem', check: 'signature', message: expect.stringMatching(/not verify/) }),
    );
  });

  it.each([
    ['opaque', 'opaque-token', /opaque/],
    ['encrypted', 'a.b.c.d.e', /encrypted/],
  ])('tells one that is %s, and what to ask for', async (_, text, message) => {
    expect((await examination.report([], text)).findings).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(message),
        config: 'auth.oidc.login_parameters: { audience: "nmp-cli" }',
      }),
    );
  });
});

/** Servers that do not tell the time. */
const timelessFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const headers = new Headers(answer.headers);
  headers.delete('date');
  return new Response(answer.body, { status: answer.status, headers });
};
