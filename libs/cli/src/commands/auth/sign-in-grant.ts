import type { DeviceCode, SignInGrant } from '@nmp/sdk';
import { SIGN_IN_SECONDS } from '@nmp/sdk';
import { UNSIGNED_TOKENS } from '@nmp/tokens';
import type { CommandContext } from '../../context.js';
import { durationText } from '../../output/time.js';
import { UsageError } from '../../usage-error.js';
import type { SignInWay, SignInWayOptions } from './sign-in-way.js';

/**
 * What to sign in with: asks the person, or reads stdin, for what the way needs and nobody gave.
 * @throws {UsageError} when something is missing and nobody can be asked.
 */
export async function signInGrantOf(
  context: CommandContext,
  way: SignInWay,
  options: SignInWayOptions,
  clientSecret: string | undefined,
): Promise<SignInGrant> {
  if (way === 'token') {
    return { type: 'token', accessToken: (await context.readInput('the token', '--with-token', 'auth login')).trim() };
  }
  if (way === 'unsigned') return unsignedGrantOf(options);
  if (way === 'password') return passwordGrantOf(context, options);
  if (way === 'browser') {
    const { redirectUri } = options;
    return { type: 'browser', redirectUri, onAuthorizationUrl: (url) => showSignInPage(context, url) };
  }
  if (way === 'device') {
    return { type: 'device', onDeviceCode: (device) => showDeviceCode(context, device, options.browser ?? true) };
  }
  if (clientSecret === undefined) {
    throw new UsageError(
      "--client-credentials needs the client's secret: set NMP_OIDC_CLIENT_SECRET, or add --client-secret-stdin",
      'auth login',
    );
  }
  return { type: 'client-credentials' };
}

function unsignedGrantOf({ email, group, expiresIn }: SignInWayOptions): SignInGrant {
  if (email === undefined || !/^[^@\s]+@[^@\s]+$/.test(email)) {
    throw new UsageError(
      '--unsigned-token needs the e-mail address to sign in as: --email you@example.com',
      'auth login',
    );
  }
  const lifeSeconds = expiresIn === undefined ? undefined : Number(expiresIn);
  const { maxLifeSeconds } = UNSIGNED_TOKENS;
  if (
    lifeSeconds !== undefined &&
    !(Number.isInteger(lifeSeconds) && lifeSeconds >= 1 && lifeSeconds <= maxLifeSeconds)
  ) {
    throw new UsageError(
      `--expires-in is a number of seconds, ${maxLifeSeconds} (half a day) at the most`,
      'auth login',
    );
  }
  return { type: 'unsigned', email, groups: group, lifeSeconds };
}

async function passwordGrantOf(context: CommandContext, options: SignInWayOptions): Promise<SignInGrant> {
  const { env, isInteractive, programName } = context.world;
  const username = (options.username ?? env.NMP_OIDC_USERNAME) || undefined;
  const given = options.passwordStdin ? undefined : (options.password ?? env.NMP_OIDC_PASSWORD) || undefined;
  if (username === undefined)
    throw new UsageError('A password is given without a username: add --username, or NMP_OIDC_USERNAME', 'auth login');
  if (given === undefined && !options.passwordStdin && !isInteractive) {
    throw new UsageError(
      'A username is given without a password: add --password-stdin, or NMP_OIDC_PASSWORD',
      'auth login',
    );
  }
  const read = options.passwordStdin
    ? await context.readInput('the password', '--password-stdin', 'auth login')
    : undefined;
  context.say(
    'Warning: the password grant hands your password to the identity provider and bypasses MFA, and many providers',
  );
  context.say(`switch it off. It is meant for CI and testing; people use the browser: ${programName} auth login`);
  const password = read ?? given ?? (await context.world.promptSecret(`Password of ${username}:`));
  return { type: 'password', username, password };
}

async function showSignInPage(context: CommandContext, url: string): Promise<void> {
  context.say();
  context.say(`Sign in on this page, which a browser on this machine opens: ${url}`);
  context.say(
    `Waiting until you have signed in there, at most ${durationText(SIGN_IN_SECONDS * 1000)}; Ctrl-C gives up.`,
  );
  context.progress.begin('Waiting for the sign-in');
  await tryBrowser(context, url);
}

async function showDeviceCode(context: CommandContext, device: DeviceCode, openBrowser: boolean): Promise<void> {
  const { bold } = await colors(context);
  context.say();
  context.say(`Open this page:   ${bold(device.verificationUri)}`);
  context.say(`Enter this code:  ${bold(device.userCode)}`);
  if (device.verificationUriComplete !== undefined) {
    context.say(`Or, with the code filled in (compare it): ${device.verificationUriComplete}`);
  }
  context.say();
  if (openBrowser) await tryBrowser(context, device.verificationUriComplete ?? device.verificationUri);
  const time = durationText(device.lifetimeSeconds * 1000);
  context.say(`Waiting until you have signed in there. The code is good for ${time}; Ctrl-C gives up.`);
  context.progress.begin('Waiting for the sign-in'); // it ends with the command's work, or when the answer is told
}

async function tryBrowser(context: CommandContext, url: string): Promise<void> {
  try {
    await context.world.openBrowser(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.say(`No browser could be opened (${reason}). Open the page yourself`);
  }
}

async function colors(context: CommandContext): Promise<{ bold: (text: string) => string }> {
  const { default: picocolors } = await import('picocolors');
  const { stderr, env } = context.world;
  return picocolors.createColors(stderr.isTTY === true && context.wantsColors && env.TERM !== 'dumb');
}
