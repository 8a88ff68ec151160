import type { ApiConnection } from './api-client.js';
import { ApiClient } from './api-client.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { ConfigFile } from './config-file.js';
import { locateConfigFile } from './config-path.js';
import type { AuthorityFinder } from './environment-fetch.js';
import { environmentFetch } from './environment-fetch.js';
import { ConfigError } from './errors.js';
import type { DeviceCode } from './grants/device-grant.js';
import type { HttpContext } from './http-context.js';
import { AccessKeys } from './resources/access-keys.js';
import { Auth } from './resources/auth.js';
import { Workspaces } from './resources/workspaces.js';
import type { SettingSources } from './settings.js';
import { baseUrlOf, certificateAuthorityOf, contextNameOf, documentFor, resolveSettings } from './settings.js';
import { signIn } from './sign-in.js';
import { StoredTokenSource } from './stored-token-source.js';
import type { TokenSource } from './token-source.js';
import { FixedTokenSource } from './token-source.js';
import { WorkloadTokenSource } from './workload-token-source.js';

/** What may be said otherwise than by the environment and the configuration file. */
export interface NeMoPlatformOptions {
  /** The platform's address. If it is not that of the context, the stored token is not sent. */
  readonly baseUrl?: string | undefined;
  /** Sent instead of the stored token; it is not refreshed. */
  readonly accessToken?: string | undefined;
  /** The workspace to take where none is named. */
  readonly workspace?: string | undefined;
  /** The context of the configuration file to use. @default its current one */
  readonly contextName?: string | undefined;
  readonly configPath?: string | undefined;
  /** @default the global `fetch`, through the proxies and with the certificates that the environment names */
  readonly fetch?: typeof fetch | undefined;
  /** How long one request may take. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** How often a request is repeated that the platform was too busy for (429, 503). @default 2 */
  readonly maxRetries?: number | undefined;
  /** Ends requests that are under way. */
  readonly signal?: AbortSignal | undefined;
  /** A stored token is refreshed when less than this, or a fifth of its life, is left. @default 60 */
  readonly refreshMarginSeconds?: number | undefined;
  /** Whether the stored token is refreshed at all. @default true */
  readonly autoRefresh?: boolean | undefined;
  /** Told about trouble that did not stop a request, such as a refreshed token that could not be stored. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly clock?: Clock | undefined;
  /** Spreads what is repeated. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** What signing in from a program needs; everything but the first may be left out. */
export interface LoginOptions extends Omit<NeMoPlatformOptions, 'accessToken'> {
  /** Told the page and the code that the person needs; the wait begins when it returns. */
  readonly onDeviceCode: (device: DeviceCode) => void | Promise<void>;
  /** Scopes to ask for instead of the platform's default ones. */
  readonly scopes?: readonly string[] | undefined;
  /** @default the client that the platform publishes */
  readonly clientId?: string | undefined;
  /** @default the environment's NMP_OIDC_CLIENT_SECRET */
  readonly clientSecret?: string | undefined;
}

/**
 * The platform's API. Without arguments it uses what `nemo auth login` stored: the platform's address and the token, which it
 * refreshes when needed.
 * @example
 * const client = new NeMoPlatform();
 * for await (const workspace of client.workspaces.list()) console.log(workspace.name);
 */
export class NeMoPlatform {
  /**
   * Signs a person in by device flow, stores the sign-in where the command line would, and gives a client that uses it.
   * @throws {SignInError} and {GrantError} when there is no way to sign in, or the identity provider refuses.
   * @example
   * const client = await NeMoPlatform.login({
   *   onDeviceCode: ({ verificationUri, userCode }) => console.log(`Open ${verificationUri} and enter ${userCode}`),
   * });
   */
  static async login(options: LoginOptions): Promise<NeMoPlatform> {
    const { onDeviceCode, scopes, clientId, clientSecret, ...platform } = options;
    const env = platform.env ?? process.env;
    const configFile = configFileOf(platform);
    const sources = { baseUrl: platform.baseUrl, contextName: platform.contextName, env };
    const document = await configFile.read();
    const contextName = contextNameOf(sources, document);
    const baseUrl = baseUrlOf(sources, document.context(contextName)?.baseUrl);
    await signIn({
      configFile,
      contextName,
      baseUrl,
      clientId,
      clientSecret: clientSecret ?? (env.NMP_OIDC_CLIENT_SECRET || undefined),
      scopes,
      grant: { type: 'device', onDeviceCode },
      http: httpContextOf(platform, () => Promise.resolve(certificateAuthorityOf(sources, document))),
      clock: platform.clock ?? systemClock,
      env,
      onWarning: platform.onWarning,
    });
    return new NeMoPlatform({ ...platform, baseUrl, contextName });
  }

  readonly accessKeys: AccessKeys;
  readonly auth: Auth;
  readonly workspaces: Workspaces;
  private openedFile: ConfigFile | undefined;

  constructor(private readonly options: NeMoPlatformOptions = {}) {
    const http = httpContextOf(options, async () => {
      const sources = sourcesOf(options);
      return certificateAuthorityOf(sources, await documentFor(sources, this.configFile));
    });
    const api = new ApiClient(() => this.connect(http), http, {
      maxRetries: options.maxRetries ?? 2,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
    });
    this.accessKeys = new AccessKeys(api);
    this.auth = new Auth(api);
    this.workspaces = new Workspaces(api);
  }

  private async connect(http: HttpContext): Promise<ApiConnection> {
    const sources = sourcesOf(this.options);
    const settings = resolveSettings(sources, await documentFor(sources, this.configFile));
    const tokens = this.tokenSource(settings, this.configFile, http);
    return { settings, tokens };
  }

  /** Looked for when it is needed: making a client does no work. */
  private get configFile(): ConfigFile {
    this.openedFile ??= configFileOf(this.options);
    return this.openedFile;
  }

  private tokenSource(
    { credentials, contextName, baseUrl, signInCommand }: ReturnType<typeof resolveSettings>,
    configFile: ConfigFile,
    http: HttpContext,
  ): TokenSource {
    if (credentials.from === 'argument' || credentials.from === 'environment')
      return new FixedTokenSource(credentials.token);
    if (credentials.from === 'none') return new FixedTokenSource(undefined);
    const { clock = systemClock, refreshMarginSeconds: marginSeconds = 60, onWarning } = this.options;
    if (credentials.from === 'workload') {
      const { tokenFile } = credentials;
      return new WorkloadTokenSource({ baseUrl, tokenFile, http, clock, marginSeconds, onWarning });
    }
    return new StoredTokenSource({
      configFile,
      contextName,
      baseUrl,
      signInCommand,
      http,
      clock,
      marginSeconds,
      autoRefresh: this.options.autoRefresh,
      clientSecret: (this.options.env ?? process.env).NMP_OIDC_CLIENT_SECRET || undefined,
      onWarning,
      env: this.options.env,
    });
  }
}

function configFileOf({ configPath, env = process.env, onWarning }: NeMoPlatformOptions): ConfigFile {
  return new ConfigFile(locateConfigFile({ configPath, env }), onWarning);
}

function sourcesOf({ baseUrl, accessToken, workspace, contextName, env }: NeMoPlatformOptions): SettingSources {
  return { baseUrl, accessToken, workspace, contextName, env: env ?? process.env };
}

function httpContextOf(options: NeMoPlatformOptions, findAuthority: AuthorityFinder): HttpContext {
  return {
    fetch: options.fetch ?? environmentFetch(options.env ?? process.env, findAuthority),
    timeoutMs: checkedTimeout(options.timeoutMs ?? 30_000),
    signal: options.signal,
  };
}

/** A timer takes anything for a number, and then every request would end at once. @throws {ConfigError} for what is none. */
function checkedTimeout(timeoutMs: number): number {
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs;
  throw new ConfigError('timeoutMs is no number of milliseconds above 0. Leave it out, or give one such as 30000');
}
