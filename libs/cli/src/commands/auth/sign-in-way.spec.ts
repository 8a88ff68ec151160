import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../usage-error.js';
import { signInWayOf } from './sign-in-way.js';

describe('signInWayOf', () => {
  it.each([
    [{}, {}, 'device'],
    [{ browser: false }, {}, 'device'],
    [{ username: 'alice' }, {}, 'password'],
    [{ passwordStdin: true }, {}, 'password'],
    [{}, { NMP_OIDC_USERNAME: 'alice' }, 'password'],
    [{}, { NMP_OIDC_USERNAME: '' }, 'device'],
    [{ clientCredentials: true }, {}, 'client-credentials'],
    [{ clientCredentials: true }, { NMP_OIDC_USERNAME: 'alice', NMP_OIDC_PASSWORD: 'x' }, 'client-credentials'],
    [{ withToken: true }, { NMP_OIDC_USERNAME: 'alice' }, 'token'],
    [{ unsignedToken: true, email: 'alice@example.com', group: ['team-ml'] }, {}, 'unsigned'],
  ])('takes %j with %j for %s', (options, env, way) => {
    expect(signInWayOf(options, env)).toBe(way);
  });

  it.each([
    [{ withToken: true, clientCredentials: true }, /--with-token, --client-credentials/],
    [{ withToken: true, username: 'alice' }, /--with-token, --username/],
    [{ clientCredentials: true, password: 'x' }, /--client-credentials, --username/],
    [{ password: 'x', passwordStdin: true }, /--password, --password-stdin/],
    [
      { unsignedToken: true, clientCredentials: true },
      /--client-credentials.*--unsigned-token|--unsigned-token.*--client/,
    ],
    [{ email: 'alice@example.com' }, /--email is for --unsigned-token/],
    [{ passwordStdin: true, clientSecretStdin: true }, /Only one thing .* --password-stdin and --client-secret-stdin/],
  ])('refuses %j', (options, message) => {
    expect(() => signInWayOf(options, {})).toThrow(UsageError);
    expect(() => signInWayOf(options, {})).toThrow(message);
  });
});
