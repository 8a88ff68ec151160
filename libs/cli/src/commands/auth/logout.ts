import type { SignOutResult } from '@nmp/sdk';
import { contextNameOf, isSignedIn, signOut, unknownContext } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printOutcome } from '../../output/print.js';
import { calledBy } from '../../program-name.js';
import { UsageError } from '../../usage-error.js';
import type { ClientSecretOptions } from './client-secret.js';
import { clientSecretOf } from './client-secret.js';

interface LogoutOptions extends ClientSecretOptions {
  readonly all?: boolean;
}

/** What became of one context. */
interface SignedOutContext {
  readonly contextName: string;
  readonly result: SignOutResult;
}

/** Revokes the stored tokens where that can be done, and forgets them in any case. */
export async function logout(
  context: CommandContext,
  _args: CommandArguments,
  options: LogoutOptions,
): Promise<number> {
  const { all = false } = options;
  if (all && context.options.context !== undefined) {
    throw new UsageError('--all signs out of every context, --context of one: give one of them', 'auth logout');
  }
  const clientSecret = await clientSecretOf(context, options, 'auth logout');
  const results = all
    ? await signOutOfAll(context, clientSecret)
    : [await signOutOf(context, await namedContext(context), clientSecret)];
  if (results.length === 0) context.say('Nobody is signed in to any context.');
  for (const result of results) sayResult(context, result);
  if (context.world.env.NMP_ACCESS_TOKEN)
    context.say('Warning: NMP_ACCESS_TOKEN is still set and still used. To end that, unset it');
  const outcomes = results.map(outcomeOf);
  const [first] = outcomes;
  await printOutcome(context, all || !first ? outcomes : first);
  return exitCodes.success;
}

async function namedContext({ configFile, settingSources }: CommandContext): Promise<string> {
  const document = await configFile.read();
  const name = contextNameOf(settingSources, document);
  const isNamed = settingSources.contextName !== undefined || Boolean(settingSources.env.NMP_CURRENT_CONTEXT);
  if (isNamed && !document.contextNames.includes(name)) throw unknownContext(name, document);
  return name;
}

/** All at once: a platform that does not answer keeps no other waiting. */
async function signOutOfAll(context: CommandContext, clientSecret: string | undefined): Promise<SignedOutContext[]> {
  const document = await context.configFile.read();
  const users = new Set<string>();
  const signedIn = document.contextNames.filter((name) => {
    const stored = document.context(name);
    const isSecond = users.has(document.intendedUserName(name)); // who shares a user is signed out with it
    users.add(document.intendedUserName(name));
    return !isSecond && (isSignedIn(stored) || stored?.hasApiKey);
  });
  const results = await Promise.all(signedIn.map((name) => signOutOf(context, name, clientSecret)));
  // Users that no context names.
  if (document.hasSecrets || document.keychainSignIns.length > 0) await context.store.clearAll();
  return results;
}

async function signOutOf(
  { configFile, http, warn, world }: CommandContext,
  contextName: string,
  clientSecret: string | undefined,
): Promise<SignedOutContext> {
  const { clock, env } = world;
  const result = await signOut({ configFile, contextName, clientSecret, http, clock, env, onWarning: warn });
  return { contextName, result };
}

function sayResult(context: CommandContext, { contextName, result }: SignedOutContext): void {
  if (result.outcome === 'not-signed-in') {
    context.say(`Nobody is signed in to context "${contextName}".`);
    if (result.hadApiKey) context.say('The API key it held, which the platform takes no more, is forgotten.');
  } else if (result.revoked) {
    context.say(`Signed out of context "${contextName}"; the sign-in is revoked at the identity provider.`);
    if (result.accessTokenRemains) context.say('A copy of the access token, if there is one, works until it expires.');
  } else {
    context.say(`Signed out of context "${contextName}".`);
    const reason = calledBy(context.world.programName, result.reason);
    context.say(`Warning: the tokens could not be revoked and stay valid until they expire. ${reason}`);
  }
}

function outcomeOf({ contextName, result }: SignedOutContext): { context: string; revoked: boolean } {
  return { context: contextName, revoked: result.outcome === 'signed-out' && result.revoked };
}
