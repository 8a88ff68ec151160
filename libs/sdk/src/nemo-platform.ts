import type { ApiConnection } from './api-client.js';
import { ApiClient } from './api-client.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { ConfigFile } from './config-file.js';
import { locateConfigFile } from './config-path.js';
import { environmentFetch } from './environment-fetch.js';
import type { HttpContext } from './http-context.js';
import { Auth } from './resources/auth.js';
import { Workspaces } from './resources/workspaces.js';
import { documentFor, resolveSettings } from './settings.js';
import { StoredTokenSource } from './stored-token-source.js';
import type { TokenSource } from './token-source.js';
import { FixedTokenSource } from './token-source.js';

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
}

/**
 * The platform's API. Without arguments it uses what `nemo auth login` stored: the platform's address and the token, which it
 * refreshes when needed.
 * @example
 * const client = new NeMoPlatform();
 * for await (const workspace of client.workspaces.list()) console.log(workspace.name);
 */
export class NeMoPlatform {
  readonly auth: Auth;
  readonly workspaces: Workspaces;

  constructor(private readonly options: NeMoPlatformOptions = {}) {
    const http = {
      fetch: options.fetch ?? environmentFetch(options.env ?? process.env),
      timeoutMs: options.timeoutMs ?? 30_000,
      signal: options.signal,
    };
    const api = new ApiClient(() => this.connect(http), http);
    this.auth = new Auth(api);
    this.workspaces = new Workspaces(api);
  }

  private async connect(http: HttpContext): Promise<ApiConnection> {
    const { baseUrl, accessToken, workspace, contextName, configPath } = this.options;
    const env = this.options.env ?? process.env;
    const configFile = new ConfigFile(locateConfigFile({ configPath, env }), this.options.onWarning);
    const sources = { baseUrl, accessToken, workspace, contextName, env };
    const settings = resolveSettings(sources, await documentFor(sources, configFile));
    const tokens = this.tokenSource(settings, configFile, http);
    return { settings, tokens };
  }

  private tokenSource(
    { credentials, contextName }: ReturnType<typeof resolveSettings>,
    configFile: ConfigFile,
    http: HttpContext,
  ): TokenSource {
    if (credentials.from === 'argument' || credentials.from === 'environment')
      return new FixedTokenSource(credentials.token);
    if (credentials.from === 'none') return new FixedTokenSource(undefined);
    return new StoredTokenSource({
      configFile,
      contextName,
      http,
      clock: this.options.clock ?? systemClock,
      marginSeconds: this.options.refreshMarginSeconds ?? 60,
      autoRefresh: this.options.autoRefresh,
      clientSecret: (this.options.env ?? process.env).NMP_OIDC_CLIENT_SECRET || undefined,
      onWarning: this.options.onWarning,
    });
  }
}
