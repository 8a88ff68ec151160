import type { ConfigDocument, StoredCredentials } from '@nmp/sdk';
import { ConfigError, contextNameOf, DEFAULT_BASE_URL, parseBaseUrl } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { UsageError } from '../../usage-error.js';

interface SetOptions {
  readonly workspace?: string;
  readonly accessToken?: string;
}

/** What is to change. */
interface Changes {
  readonly baseUrl: string | undefined;
  readonly workspace: string | undefined;
  readonly token: string | undefined;
}

/** Changes a context of the configuration file; one that is not there is made. */
export async function setConfig(
  context: CommandContext,
  _args: CommandArguments,
  { workspace, accessToken }: SetOptions,
): Promise<number> {
  const { configFile, options, settingSources } = context;
  if ([workspace, accessToken, options.context].includes('')) {
    throw new UsageError('A name or a token cannot be empty', 'config set');
  }
  const baseUrl = options.baseUrl === undefined ? undefined : parseBaseUrl(options.baseUrl);
  if ([baseUrl, workspace, accessToken].every((value) => value === undefined)) {
    throw new UsageError('Nothing to set: give --base-url, --workspace or --access-token', 'config set');
  }
  const contextName = contextNameOf(settingSources, await configFile.read());
  const token = accessToken === '-' ? await askForToken(context) : accessToken;
  await configFile.update((document) => change(document, contextName, { baseUrl, workspace, token }));
  context.say(`Context "${contextName}" is changed in ${configFile.path}.`);
  return exitCodes.success;
}

async function askForToken(context: CommandContext): Promise<string> {
  if (context.world.isInteractive) return context.world.promptSecret('Access token:');
  return (await context.readInput('the token', '--access-token -')).trim();
}

function change(document: ConfigDocument, name: string, { baseUrl, workspace, token }: Changes): void {
  const before = document.context(name);
  const address = baseUrl ?? before?.baseUrl ?? DEFAULT_BASE_URL;
  const isMoved = before?.baseUrl !== undefined && parseBaseUrl(before.baseUrl) !== parseBaseUrl(address);
  // Its token belongs to the old platform, and would go to the new one from now on.
  if (isMoved && before.credentials && token === undefined) throw signedInElsewhere(name, before.baseUrl, address);
  document.setBaseUrl(name, address);
  if (workspace !== undefined) document.setWorkspace(name, workspace);
  if (token !== undefined) {
    document.setCredentials(name, { ...(isMoved ? {} : renewalOf(before?.credentials)), token });
  }
  document.currentContext ??= name;
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
