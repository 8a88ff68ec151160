import type { ConfigDocument, NewSignIn, StoredContext, TokenStore } from '@nmp/sdk';
import {
  ConfigError,
  contextNameOf,
  credentialsOfToken,
  DEFAULT_BASE_URL,
  isSignedIn,
  parseBaseUrl,
  tokenStoreOf,
} from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { UsageError } from '../../usage-error.js';

// Other platforms may take more than letters, digits and hyphens; none takes what has to be quoted.
const workspaceName = /^[a-z\d][a-z\d._@+-]*$/;

interface SetOptions {
  readonly workspace?: string;
  readonly accessToken?: string;
  readonly tokenStore?: TokenStore;
}

/** What is to change. */
interface Changes {
  readonly baseUrl: string | undefined;
  readonly workspace: string | undefined;
  readonly token: string | undefined;
  readonly tokenStore: TokenStore | undefined;
}

/** Changes a context of the configuration file; one that is not there is made. */
export async function setConfig(
  context: CommandContext,
  _args: CommandArguments,
  { workspace, accessToken, tokenStore }: SetOptions,
): Promise<number> {
  const { configFile, options, settingSources } = context;
  if ([workspace, accessToken, options.context].includes('')) {
    throw new UsageError('A name or a token cannot be empty', 'config set');
  }
  const baseUrl = options.baseUrl === undefined ? undefined : parseBaseUrl(options.baseUrl);
  if ([baseUrl, workspace, accessToken, tokenStore].every((value) => value === undefined)) {
    throw new UsageError('Nothing to set: give --base-url, --workspace, --access-token or --token-store', 'config set');
  }
  if (workspace !== undefined && !workspaceName.test(workspace)) throw notAWorkspace(workspace);
  const document = await configFile.read();
  const contextName = contextNameOf(settingSources, document);
  const token = accessToken === '-' ? await askForToken(context) : accessToken;
  const isTokenStoreGood = await apply(context, contextName, { baseUrl, workspace, token, tokenStore });
  const before = document.context(contextName);
  context.say(`Context "${contextName}" is ${before ? 'changed' : 'made'} in ${configFile.path}.`);
  if (token !== undefined && isSignedIn(before)) context.say('The token replaces the sign-in that was there.');
  const after = (await configFile.read()).context(contextName);
  if (tokenStore !== undefined && isTokenStoreGood) context.say(whereTokensAre(after, tokenStore));
  return exitCodes.success;
}

async function askForToken(context: CommandContext): Promise<string> {
  if (!context.world.isInteractive)
    return (await context.readInput('the token', '--access-token -', 'config set')).trim();
  const token = (await context.world.promptSecret('Access token:')).trim();
  if (token !== '') return token;
  throw new UsageError('A token cannot be empty', 'config set');
}

/** @returns whether tokens are, or can be, where they should be */
async function apply({ configFile, store, world }: CommandContext, name: string, changes: Changes): Promise<boolean> {
  const { token, tokenStore } = changes;
  const prepare = (document: ConfigDocument): void => change(document, name, changes);
  const replace = (document: ConfigDocument, newToken: string): NewSignIn => {
    prepare(document);
    if (tokenStore !== undefined) document.setTokenStore(name, tokenStore);
    const place = tokenStore ?? tokenStoreOf(world.env, document.preferences(name));
    return { credentials: credentialsOfToken(newToken), tokenStore: place };
  };
  if (token === undefined && tokenStore !== undefined) return store.move(name, tokenStore, prepare);
  await (token === undefined ? configFile.update(prepare) : store.save(name, (document) => replace(document, token)));
  return true;
}

function change(document: ConfigDocument, name: string, changes: Changes): void {
  const { baseUrl, workspace, token } = changes;
  const before = document.context(name);
  const address = baseUrl ?? before?.baseUrl ?? DEFAULT_BASE_URL;
  // Its token belongs to the old platform, and would go to the new one from now on.
  if (before?.baseUrl !== undefined && isMoved(before, changes) && isSignedIn(before) && token === undefined)
    throw signedInElsewhere(name, before.baseUrl, address);
  document.setBaseUrl(name, address);
  if (workspace !== undefined) document.setWorkspace(name, workspace);
  document.currentContext ??= name;
}

function isMoved(before: StoredContext, { baseUrl }: Changes): boolean {
  return before.baseUrl !== undefined && baseUrl !== undefined && parseBaseUrl(before.baseUrl) !== baseUrl;
}

function whereTokensAre(context: StoredContext | undefined, tokenStore: TokenStore): string {
  const place = tokenStore === 'keychain' ? 'the OS keychain' : 'the file';
  if (!isSignedIn(context)) return `The tokens of the next sign-in go to ${place}.`;
  return `Its tokens are in ${context?.keychain ? 'the OS keychain' : 'the file'}.`;
}

function notAWorkspace(name: string): UsageError {
  const advice = 'To see those there are, run: nemo workspaces list';
  return new UsageError(`"${name}" cannot be the name of a workspace. ${advice}`, 'config set');
}

function signedInElsewhere(name: string, from: string, to: string): ConfigError {
  return new ConfigError(
    `Context "${name}" is signed in to ${from}, and its token must not go to ${to}. Run: nemo auth login --base-url ${to}, or sign out first: nemo auth logout`,
  );
}
