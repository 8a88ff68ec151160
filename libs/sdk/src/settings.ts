import { DEFAULT_BASE_URL, parseBaseUrl } from './base-url.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { ConfigDocument } from './config-document.js';
import type { ConfigFile } from './config-file.js';
import { ConfigError } from './errors.js';
import { shellWord } from './shell-word.js';
import { isSignedIn } from './stored-context.js';
import type { KeychainSignIn } from './user-entry.js';
import { WORKLOAD_TOKEN_FILE } from './workload-token-source.js';

/** What a caller, or the command line, asked for; everything may be left to the environment and the file. */
export interface SettingSources {
  readonly baseUrl?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly workspace?: string | undefined;
  readonly contextName?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What holds for one client: argument before environment before file before default. */
export interface Settings {
  readonly contextName: string;
  readonly baseUrl: string;
  readonly workspace: string;
  /** Whose token is sent: one that was given, the one a sign-in stored, or none. */
  readonly credentials:
    | { readonly from: 'argument' | 'environment'; readonly token: string }
    | { readonly from: 'workload'; readonly tokenFile: string }
    | { readonly from: 'file' | 'none' };
  /** The platform the context's sign-in belongs to, when that is another one: its token is not sent. */
  readonly signedInElsewhere?: string;
  /** The other contexts of the file, if there are any and the address is that of this one. */
  readonly otherContexts?: readonly string[];
  /** Whether the context holds an API key of older versions, which is not sent. */
  readonly hasApiKey?: true;
  /** The command that signs in to this platform and context. */
  readonly signInCommand: string;
}

const DEFAULT_CONTEXT = 'default';

/**
 * Settles what holds for one client.
 * @throws {ConfigError} when a context is named that the file does not have.
 * @throws {InsecureUrlError} when the platform's address is one that tokens must not travel to.
 */
export function resolveSettings(sources: SettingSources, document: ConfigDocument): Settings {
  const contextName = contextNameOf(sources, document);
  const context = document.context(contextName);
  if (!context && namedContext(sources) !== undefined) throw unknownContext(contextName, document);
  const stored = context?.baseUrl === undefined ? undefined : parseBaseUrl(context.baseUrl);
  const baseUrl = parseBaseUrl(baseUrlOf(sources, stored));
  const isElsewhere = stored !== undefined && stored !== baseUrl && isSignedIn(context);
  const signedIn = isElsewhere ? undefined : (context?.credentials ?? context?.keychain?.noted);
  const commandOptions = [
    ...clientOptions(signedIn),
    ...(contextName === (document.currentContext ?? DEFAULT_CONTEXT) ? [] : ['--context', shellWord(contextName)]),
    ...(baseUrl === (stored ?? DEFAULT_BASE_URL) ? [] : ['--base-url', shellWord(baseUrl)]),
  ];
  const others = stored === baseUrl ? document.contextNames.filter((name) => name !== contextName) : [];
  return {
    contextName,
    baseUrl,
    ...(others.length > 0 ? { otherContexts: others } : {}),
    workspace: sources.workspace ?? given(sources.env.NMP_WORKSPACE) ?? context?.workspace ?? 'default',
    credentials: credentialsOf(sources, stored === undefined ? undefined : stored === baseUrl),
    ...(isElsewhere ? { signedInElsewhere: stored } : {}),
    ...(context?.hasApiKey ? { hasApiKey: true } : {}),
    signInCommand: ['nemo auth login', ...commandOptions].join(' '),
  };
}

/** What a sign-in of a client for itself takes to be made again. */
function clientOptions({ grantType, clientId }: KeychainSignIn['noted'] = {}): string[] {
  if (grantType !== 'client_credentials') return [];
  return ['--client-credentials', ...(clientId === undefined ? [] : ['--client-id', shellWord(clientId)])];
}

/** The file's content, or an empty one when everything is said without it: a job that is given address and token needs no file. */
export async function documentFor(sources: SettingSources, configFile: ConfigFile): Promise<ConfigDocument> {
  const baseUrl = sources.baseUrl ?? given(sources.env.NMP_BASE_URL);
  const token = sources.accessToken ?? given(sources.env.NMP_ACCESS_TOKEN) ?? given(sources.env[WORKLOAD_TOKEN_FILE]);
  const isComplete = baseUrl !== undefined && token !== undefined && namedContext(sources) === undefined;
  return isComplete ? ConfigDocument.parse('', configFile.path) : configFile.read();
}

/** Which context is meant: the one named, else the file's current one, else `default`. */
export function contextNameOf(sources: SettingSources, document: ConfigDocument): string {
  return namedContext(sources) ?? document.currentContext ?? DEFAULT_CONTEXT;
}

/** Whom the context trusts beside the usual certificate authorities: only for the platform that it names. */
export function certificateAuthorityOf(
  sources: SettingSources,
  document: ConfigDocument,
): CertificateAuthority | undefined {
  const { baseUrl, certificateAuthority } = document.context(contextNameOf(sources, document)) ?? {};
  if (certificateAuthority === undefined || baseUrl === undefined) return undefined;
  const isElsewhere = parseBaseUrl(baseUrlOf(sources, baseUrl)) !== parseBaseUrl(baseUrl);
  return isElsewhere ? undefined : certificateAuthority;
}

/** Which platform is meant, before its form is checked. */
export function baseUrlOf(sources: SettingSources, stored: string | undefined): string {
  return sources.baseUrl ?? given(sources.env.NMP_BASE_URL) ?? stored ?? DEFAULT_BASE_URL;
}

/** @param isStoredPlatform Whether the address is the one the context was signed in to: its token goes nowhere else. */
function credentialsOf(sources: SettingSources, isStoredPlatform: boolean | undefined): Settings['credentials'] {
  if (sources.accessToken !== undefined) return { from: 'argument', token: sources.accessToken };
  const fromEnvironment = given(sources.env.NMP_ACCESS_TOKEN);
  if (fromEnvironment !== undefined) return { from: 'environment', token: fromEnvironment };
  const tokenFile = given(sources.env[WORKLOAD_TOKEN_FILE]);
  if (tokenFile !== undefined) return { from: 'workload', tokenFile };
  return { from: isStoredPlatform === true ? 'file' : 'none' };
}

function namedContext(sources: SettingSources): string | undefined {
  return sources.contextName ?? given(sources.env.NMP_CURRENT_CONTEXT);
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The error for a context that the file does not have; it lists those it has. */
export function unknownContext(name: string, document: ConfigDocument): ConfigError {
  const known = document.contextNames;
  const advice =
    known.length > 0
      ? `It has: ${known.join(', ')}. Name one of them`
      : `It has none. Run: nemo auth login --context ${name}`;
  return new ConfigError(`There is no context "${name}" in ${document.path}. ${advice}`);
}
