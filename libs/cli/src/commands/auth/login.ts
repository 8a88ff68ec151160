import type { ConfigDocument, SignInResult } from '@nmp/sdk';
import { baseUrlOf, contextNameOf, parseBaseUrl, signIn } from '@nmp/sdk';
import { parseScopes } from '@nmp/tokens';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { calledBy } from '../../program-name.js';
import { printOutcome } from '../../output/print.js';
import { UsageError } from '../../usage-error.js';
import { audienceAdvice } from './audience-advice.js';
import { clientSecretOf } from './client-secret.js';
import { sayNext } from './say-next.js';
import { signInGrantOf } from './sign-in-grant.js';
import type { SignInWay, SignInWayOptions } from './sign-in-way.js';
import { signInWayOf } from './sign-in-way.js';
import { unsignedWarning } from './unsigned-warning.js';

interface LoginOptions extends SignInWayOptions {
  readonly scope?: string;
  readonly clientId?: string;
}

/** Signs in and stores the tokens; whatever fails, the previous sign-in stays as it was. */
export async function login(context: CommandContext, _args: CommandArguments, options: LoginOptions): Promise<number> {
  const { configFile, settingSources, http } = context;
  if (context.options.context === '') throw new UsageError('--context needs a name', 'auth login');
  const document = await configFile.read();
  const contextName = contextNameOf(settingSources, document);
  // In its one form before anything is said of it: an address may hold a password by mistake.
  const baseUrl = parseBaseUrl(baseUrlOf(settingSources, document.context(contextName)?.baseUrl));
  const way = signInWayOf(options, context.world.env);
  const clientSecret = await clientSecretOf(context, options, 'auth login');
  const grant = await signInGrantOf(context, way, options, clientSecret);
  context.say(`Signing in to ${baseUrl}`);
  const result = await signIn({
    configFile,
    contextName,
    baseUrl,
    clientId: options.clientId,
    clientSecret,
    scopes: options.scope === undefined ? undefined : parseScopes(options.scope),
    grant,
    http,
    clock: context.world.clock,
    env: context.world.env,
    onWarning: context.warn,
    onScopes: (scopes) => context.say(`Scopes asked for: ${scopes.join(' ') || 'none'}`),
  });
  if (result.outcome === 'auth-disabled') {
    context.say('Authentication is switched off on this platform: there is nothing to sign in to. Nothing was saved.');
  } else {
    const isInKeychain = (await configFile.read()).context(contextName)?.keychain !== undefined;
    sayResult(context, result, { contextName, baseUrl, way, isInKeychain });
    sayCurrentContext(context, document, contextName);
    await sayNext(context, contextName, baseUrl);
  }
  await printOutcome(context, outcomeOf(result, { context: contextName, base_url: baseUrl }));
  return exitCodes.success;
}

type SignedIn = Extract<SignInResult, { outcome: 'signed-in' }>;

/** How somebody signed in, and where that is kept. */
interface Stored {
  readonly contextName: string;
  readonly baseUrl: string;
  readonly way: SignInWay;
  readonly isInKeychain: boolean;
}

function sayResult(
  context: CommandContext,
  result: SignedIn,
  { contextName, baseUrl, way, isInKeychain }: Stored,
): void {
  const { env } = context.world;
  const who = result.clientId === undefined ? result.email : `the client ${result.clientId}`;
  context.say(`Signed in to ${baseUrl}${who === undefined ? '' : ` as ${who}`}.`);
  context.say(`Scopes granted: ${result.grantedScopes.join(' ') || 'none'}`);
  context.say(calledBy(context.world.programName, refreshSentence(result, way)));
  if (way === 'unsigned') context.warn(unsignedWarning);
  if (!result.isJwt) {
    context.say(
      `Warning: the access token is not a JWT but opaque or encrypted, and the platform may not accept it. ${audienceAdvice}`,
    );
  }
  const keychain = isInKeychain ? '; the tokens are in the OS keychain' : '';
  context.say(`Saved in ${context.configFile.path}, context "${contextName}"${keychain}.`);
  if (env.NMP_ACCESS_TOKEN)
    context.say('Warning: NMP_ACCESS_TOKEN is set and used instead of this sign-in. To end that, unset it');
}

function refreshSentence({ hasRefreshToken }: SignedIn, way: SignInWay): string {
  if (way === 'unsigned') return 'When the token has expired, renew it: nemo auth refresh';
  if (hasRefreshToken) return 'The token is refreshed by itself from now on.';
  const again = 'There is no refresh token: sign in again when the token has expired';
  return way === 'token' || way === 'client-credentials'
    ? `${again}.`
    : `${again}, or ask for the scope offline_access.`;
}

/** Says so when the sign-in made its context the current one in place of another. */
function sayCurrentContext(context: CommandContext, before: ConfigDocument, contextName: string): void {
  const previous = before.currentContext ?? 'default';
  if (previous === contextName) return;
  const { programName } = context.world;
  const back = before.contextNames.includes(previous)
    ? ` To go back, run: ${programName} config use-context ${previous}`
    : '';
  context.say(`Context "${contextName}" is now the current one.${back}`);
}

function outcomeOf(result: SignInResult, where: { context: string; base_url: string }) {
  const signedIn = result.outcome === 'signed-in';
  return {
    signed_in: signedIn,
    ...where,
    email: signedIn ? (result.email ?? null) : null,
    client_id: signedIn ? (result.clientId ?? null) : null,
    scopes: signedIn ? result.grantedScopes : [],
    refresh_token: signedIn && result.hasRefreshToken,
  };
}
