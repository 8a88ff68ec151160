import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../test/support/fake-clock.js';
import { StubIdp } from '../../test/support/stub-idp.js';
import type { IdentityProvider } from './identity-provider.js';
import { passwordGrant } from './password-grant.js';

describe('passwordGrant', () => {
  const alice = { username: 'alice@example.com', password: 'p&ss =wörd+%' };
  let idp: StubIdp;
  let provider: IdentityProvider;

  beforeEach(async () => {
    idp = await StubIdp.start();
    provider = {
      issuer: idp.issuer,
      tokenEndpoint: idp.endpoint('/token'),
      clientId: 'nmp-cli',
      http: { fetch, timeoutMs: 30_000 },
      clock: new FakeClock(),
    };
  });
  afterEach(() => idp.close());

  it('sends the credentials as they are', async () => {
    idp.http.on('POST /token', idp.tokens({ now: new Date() }));
    await passwordGrant(provider, alice, ['openid']);
    expect(idp.tokenRequests).toEqual([{ grant_type: 'password', client_id: 'nmp-cli', ...alice, scope: 'openid' }]);
  });

  it('sends a client secret when there is one', async () => {
    idp.http.on('POST /token', idp.tokens({ now: new Date() }));
    await passwordGrant({ ...provider, clientSecret: 's3cret' }, alice, []);
    expect(idp.tokenRequests[0]).toMatchObject({ client_secret: 's3cret' });
  });

  it.each([
    [
      'a wrong password',
      { status: 401, json: { error: 'invalid_grant' } },
      'invalid_grant',
      /Check the username and password/,
    ],
    [
      'a wrong password as Dex tells it',
      { status: 401, json: { error: 'access_denied', error_description: 'Invalid username or password' } },
      'access_denied',
      /Check the username and password/,
    ],
    [
      'a second factor',
      { status: 400, json: { error: 'invalid_grant', error_description: 'MFA needed' } },
      'invalid_grant',
      /device flow/,
    ],
    ['an error inside a 200', { json: { error: 'invalid_grant' } }, 'invalid_grant', /password/],
    [
      'a grant that is not offered',
      { status: 400, json: { error: 'unsupported_grant_type' } },
      'unsupported_grant_type',
      /device flow/,
    ],
    ['a server in trouble', { status: 502, text: '<html>' }, 'http_502', /502/],
    ['a broken connection', { breakConnection: true as const }, 'network_error', /could not be reached/],
    [
      'a throttle',
      { status: 429, headers: { 'retry-after': '17' }, json: { error: 'temporarily_unavailable' } },
      'temporarily_unavailable',
      /17 s/,
    ],
  ])('makes one attempt only and explains %s', async (_, answer, code, message) => {
    idp.http.on('POST /token', answer);
    await expect(passwordGrant(provider, alice, [])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(idp.tokenRequests).toHaveLength(1);
  });

  it('keeps the password out of the message even if the provider repeats it', async () => {
    idp.http.on('POST /token', idp.error('invalid_grant', { error_description: `${alice.password} is wrong` }));
    await expect(passwordGrant(provider, alice, [])).rejects.toThrow(expect.not.stringContaining(alice.password));
  });

  it('leaves the provider’s sentence as it is, or out, when the password is a word of it', async () => {
    const answer = idp.error('invalid_grant', { error_description: 'invalid username or password' });
    idp.http.on('POST /token', answer);
    await expect(passwordGrant(provider, { ...alice, password: 'invalid' }, [])).rejects.toThrow(
      /answered invalid_grant\. Check the username and password/,
    );
    await expect(passwordGrant(provider, alice, [])).rejects.toThrow(/invalid_grant: invalid username or password\./);
  });

  it.each([
    ['unauthorized_client', 'Policy: grant type not allowed'],
    ['invalid_request', 'The grant type "password" is not allowed for this client'],
  ])('advises another way to sign in on %s: %s', async (code, description) => {
    idp.http.on('POST /token', idp.error(code, { error_description: description }));
    await expect(passwordGrant(provider, alice, [])).rejects.toThrow(/does not offer the password grant.*device flow/);
    await expect(passwordGrant(provider, alice, [])).rejects.not.toThrow(/Check the username/);
  });
});
