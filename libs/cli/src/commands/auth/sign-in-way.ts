import { UsageError } from '../../usage-error.js';

/** What was said about the way to sign in. */
export interface SignInWayOptions {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  /** `--browser` or `--no-browser`; absent when neither was given. */
  readonly browser?: boolean;
  readonly clientCredentials?: boolean;
  readonly clientSecretStdin?: boolean;
  readonly withToken?: boolean;
  readonly redirectUri?: string;
  readonly unsignedToken?: boolean;
  readonly email?: string;
  readonly group?: readonly string[];
  /** In seconds, as it was written. */
  readonly expiresIn?: string;
}

export type SignInWay = 'browser' | 'device' | 'password' | 'client-credentials' | 'token' | 'unsigned';

/**
 * Which way to sign in was asked for: the one that was named, else by password when a user name or a password is there, else
 * the device flow.
 * @throws {UsageError} when options contradict one another.
 */
export function signInWayOf(options: SignInWayOptions, env: Readonly<Record<string, string | undefined>>): SignInWay {
  refuseSecondInput(options);
  const namesPerson = options.username !== undefined || options.password !== undefined || options.passwordStdin;
  const named = [
    ...(options.withToken ? [['token', '--with-token'] as const] : []),
    ...(options.unsignedToken ? [['unsigned', '--unsigned-token'] as const] : []),
    ...(options.browser ? [['browser', '--browser'] as const] : []),
    ...(options.clientCredentials ? [['client-credentials', '--client-credentials'] as const] : []),
    ...(namesPerson ? [['password', '--username and --password'] as const] : []),
  ];
  const [first, second] = named;
  if (options.redirectUri !== undefined && !options.browser) {
    throw new UsageError('--redirect-uri is for signing in with --browser', 'auth login');
  }
  refuseUnsignedParts(options);
  if (second) throw contradiction(named.map(([, option]) => option));
  if (first) return first[0];
  // The environment says what to use, not that it must be used: it gives way to an option.
  return env.NMP_OIDC_USERNAME || env.NMP_OIDC_PASSWORD ? 'password' : 'device';
}

function refuseSecondInput({ withToken, passwordStdin, clientSecretStdin, password }: SignInWayOptions): void {
  const readers = [
    ...(withToken ? ['--with-token'] : []),
    ...(passwordStdin ? ['--password-stdin'] : []),
    ...(clientSecretStdin ? ['--client-secret-stdin'] : []),
  ];
  if (readers.length > 1) {
    throw new UsageError(`Only one thing can be read from stdin, not ${readers.join(' and ')}`, 'auth login');
  }
  if (passwordStdin && password !== undefined) throw contradiction(['--password', '--password-stdin']);
}

/** What describes an unsigned token would be passed over without it. */
function refuseUnsignedParts({ unsignedToken, email, group, expiresIn }: SignInWayOptions): void {
  const given = Object.entries({ '--email': email, '--group': group, '--expires-in': expiresIn });
  const [part] = given.find(([, value]) => value !== undefined) ?? [];
  if (!unsignedToken && part !== undefined) throw new UsageError(`${part} is for --unsigned-token`, 'auth login');
}

function contradiction(options: readonly string[]): UsageError {
  return new UsageError(`These ways to sign in exclude each other: ${options.join(', ')}`, 'auth login');
}
