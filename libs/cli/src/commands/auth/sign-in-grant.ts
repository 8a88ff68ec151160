import type { DeviceCode, SignInGrant } from '@nmp/sdk';
import type { CommandContext } from '../../context.js';
import { durationText } from '../../output/time.js';
import { UsageError } from '../../usage-error.js';

/** Which way to sign in was asked for. */
export interface SignInGrantOptions {
  readonly username?: string;
  readonly password?: string;
  readonly browser: boolean;
}

/**
 * The password grant when a username and password are given, a prompt for the password when only the username is and there
 * is a person to ask, else the device flow.
 * @throws {UsageError} when one half is missing and nobody can be asked.
 */
export async function signInGrantOf(context: CommandContext, options: SignInGrantOptions): Promise<SignInGrant> {
  const { env, isInteractive } = context.world;
  const username = (options.username ?? env.NMP_OIDC_USERNAME) || undefined;
  const password = (options.password ?? env.NMP_OIDC_PASSWORD) || undefined;
  if (username === undefined && password === undefined) {
    return { type: 'device', onDeviceCode: (device) => showDeviceCode(context, device, options.browser) };
  }
  if (username === undefined)
    throw new UsageError('A password is given without a username: add --username, or NMP_OIDC_USERNAME', 'auth login');
  if (password === undefined && !isInteractive) {
    throw new UsageError('A username is given without a password: add --password, or NMP_OIDC_PASSWORD', 'auth login');
  }
  context.say(
    'Warning: the password grant hands your password to the identity provider and bypasses MFA, and many providers',
  );
  context.say(
    `switch it off. It is meant for CI and testing; people use the browser: ${context.world.programName} auth login`,
  );
  return {
    type: 'password',
    username,
    password: password ?? (await context.world.promptSecret(`Password of ${username}:`)),
  };
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
}

async function tryBrowser(context: CommandContext, url: string): Promise<void> {
  try {
    await context.world.openBrowser(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.say(`No browser could be opened (${reason}). Open the page yourself, on any device`);
  }
}

async function colors(context: CommandContext): Promise<{ bold: (text: string) => string }> {
  const { default: picocolors } = await import('picocolors');
  const { stderr, env } = context.world;
  return picocolors.createColors(stderr.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb');
}
