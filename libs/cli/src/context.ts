import type { HttpContext, Settings, SettingSources } from '@nmp/sdk';
import { ConfigFile, documentFor, locateConfigFile, NeMoPlatform, resolveSettings, StoredTokenSource } from '@nmp/sdk';
import type { OutputFormat } from './output/output-format.js';
import { outputFormatOf } from './output/output-format.js';
import { UsageError } from './usage-error.js';
import { timestampFormatOf, timeText } from './output/timestamp.js';
import { verboseFetch } from './verbose-fetch.js';
import type { World } from './world.js';

const REQUEST_TIMEOUT_MS = 30_000;
// More than the SDK's margin: what is printed by `auth token` is used by somebody else, a little later.
const REFRESH_MARGIN_SECONDS = 300;

/** The options that every command takes. */
export interface GlobalOptions {
  readonly outputFormat?: string;
  readonly context?: string;
  readonly baseUrl?: string;
  /** `--no-truncate`. */
  readonly truncate?: boolean;
  readonly timestampFormat?: string;
  /** `--no-auto-refresh`. */
  readonly autoRefresh?: boolean;
  readonly verbose?: boolean;
}

/** What one call of a command works with. */
export class CommandContext {
  readonly format: OutputFormat;
  /** Whether tables cut long cells off. */
  readonly truncates: boolean;
  /** A point in time as the person wants to see it. */
  readonly timeText: (iso: string) => string;
  readonly configFile: ConfigFile;
  readonly http: HttpContext;
  private readonly warnings = new Set<string>();

  constructor(
    readonly world: World,
    readonly options: GlobalOptions,
  ) {
    const { env, homeDirectory } = world;
    this.format = outputFormatOf(options.outputFormat, env);
    this.truncates = options.truncate !== false && !/^(0|false|no)$/i.test(env.NMP_TRUNCATE ?? '');
    const timestamps = timestampFormatOf(options.timestampFormat, env);
    this.timeText = (iso) => timeText(iso, timestamps, world.clock.now());
    this.configFile = new ConfigFile(locateConfigFile({ env, homeDirectory }), this.warn);
    const told = options.verbose ? verboseFetch(world.fetch, world.clock, (text) => this.say(text)) : world.fetch;
    this.http = { fetch: told, timeoutMs: REQUEST_TIMEOUT_MS, signal: world.signal };
  }

  get settingSources(): SettingSources {
    return { baseUrl: this.options.baseUrl, contextName: this.options.context, env: this.world.env };
  }

  get clientSecret(): string | undefined {
    const secret = this.world.env.NMP_OIDC_CLIENT_SECRET;
    return secret === '' ? undefined : secret;
  }

  /** Says something to the person, beside the data. */
  say(line = ''): void {
    this.world.stderr.write(`${line}\n`);
  }

  /** Says once what went wrong without stopping the command. */
  readonly warn = (message: string): void => {
    if (this.warnings.has(message)) return;
    this.warnings.add(message);
    this.say(`Warning: ${message}`);
  };

  /**
   * Reads something from stdin, which ends with the input. One line break at the end is not part of it.
   * @throws {UsageError} when there is nothing.
   */
  async readInput(what: string, option: string): Promise<string> {
    if (this.world.isInteractive) this.say(`Reading ${what} from stdin; end it with Ctrl-D`);
    const text = (await this.world.readInput()).replace(/\r?\n$/, '');
    if (text.trim() !== '') return text;
    throw new UsageError(`${option} reads ${what} from stdin, and there is nothing there`);
  }

  async settings(): Promise<Settings> {
    return resolveSettings(this.settingSources, await documentFor(this.settingSources, this.configFile));
  }

  client(): NeMoPlatform {
    return new NeMoPlatform({
      ...this.settingSources,
      ...this.http,
      configPath: this.configFile.path,
      clock: this.world.clock,
      refreshMarginSeconds: REFRESH_MARGIN_SECONDS,
      autoRefresh: this.options.autoRefresh,
      onWarning: this.warn,
    });
  }

  storedTokens(contextName: string, clientSecret = this.clientSecret): StoredTokenSource {
    return new StoredTokenSource({
      configFile: this.configFile,
      contextName,
      http: this.http,
      clock: this.world.clock,
      marginSeconds: REFRESH_MARGIN_SECONDS,
      autoRefresh: this.options.autoRefresh,
      clientSecret,
      onWarning: this.warn,
    });
  }
}
