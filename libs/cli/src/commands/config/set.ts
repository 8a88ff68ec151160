import type { ConfigDocument, NewSignIn, StoredContext, StoredCredentials, TokenStore } from '@nmp/sdk';
import { ConfigError, contextNameOf, DEFAULT_BASE_URL, isSignedIn, parseBaseUrl, tokenStoreOf } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { UsageError } from '../../usage-error.js';

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
  const contextName = contextNameOf(settingSources, await configFile.read());
  const token = accessToken === '-' ? await askForToken(context) : accessToken;
  await apply(context, contextName, { baseUrl, workspace, token, tokenStore });
  context.say(`Context "${contextName}" is changed in ${configFile.path}.`);
  if (tokenStore !== undefined) context.say(whereTokensAre((await configFile.read()).context(contextName), tokenStore));
  return exitCodes.success;
}

async function askForToken(context: CommandContext): Promise<string> {
  if (context.world.isInteractive) return context.world.promptSecret('Access token:');
  return (await context.readInput('the token', '--access-token -')).trim();
}

async function apply({ configFile, store, world }: CommandContext, name: string, changes: Changes): Promise<void> {
  const { token, tokenStore } = changes;
  const prepare = (document: ConfigDocument): void => change(document, name, changes);
  const replace = async (document: ConfigDocument, newToken: string): Promise<NewSignIn> => {
    const before = document.context(name);
    const kept = before && !isMoved(before, changes) ? renewalOf(await store.credentialsOf(before)) : {};
    prepare(document);
    if (tokenStore !== undefined) document.setTokenStore(name, tokenStore);
    const place = tokenStore ?? tokenStoreOf(world.env, document.preferences(name));
    return { credentials: { ...kept, token: newToken }, tokenStore: place };
  };
  if (token !== undefined) await store.save(name, (document) => replace(document, token));
  else if (tokenStore !== undefined) await store.move(name, tokenStore, prepare);
  else await configFile.update(prepare);
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

/** What renews the token stays, unless the token is for another platform. */
function renewalOf(credentials: StoredCredentials | undefined): Partial<StoredCredentials> {
  if (credentials?.refreshToken === undefined) return {};
  const { refreshToken, clientId, issuer, tokenEndpoint } = credentials;
  return Object.fromEntries(
    Object.entries({ refreshToken, clientId, issuer, tokenEndpoint }).filter(([, value]) => value !== undefined),
  );
}

function signedInElsewhere(name: string, from: string, to: string): ConfigError {
  return new ConfigError(
    `Context "${name}" is signed in to ${from}, and its token must not go to ${to}. Run: nemo auth login --base-url ${to}, or sign out first: nemo auth logout`,
  );
}
