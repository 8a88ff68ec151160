import type { ConfigDocument, HttpContext, Settings, SettingSources, StoredPreferences } from '@nmp/sdk';
import {
  certificateAuthorityOf,
  ConfigFile,
  CredentialStore,
  documentFor,
  locateConfigFile,
  NeMoPlatform,
  resolveSettings,
  StoredTokenSource,
  WorkloadTokenSource,
} from '@nmp/sdk';
import type { OutputFormat } from './output/output-format.js';
import { outputFormatOf } from './output/output-format.js';
import { fetchWithProgress, Progress } from './output/progress.js';
import { readPreferences } from './preferences.js';
import { calledBy } from './program-name.js';
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
  /** Whether what is said may have colours, where it goes to a terminal. */
  readonly wantsColors: boolean;
  readonly configFile: ConfigFile;
  /** The sign-ins of that file. */
  readonly store: CredentialStore;
  /** Shows that something is under way. */
  readonly progress: Progress;
  readonly http: HttpContext;
  private readonly warnings = new Set<string>();

  constructor(
    readonly world: World,
    readonly options: GlobalOptions,
    preferences: StoredPreferences = {},
  ) {
    const { env, homeDirectory } = world;
    this.format = outputFormatOf(options.outputFormat, env, preferences.outputFormat);
    this.truncates = options.truncate !== false && (yesOrNo(env.NMP_TRUNCATE) ?? preferences.truncate ?? true);
    this.wantsColors = !env.NO_COLOR && (yesOrNo(env.NMP_COLOR_OUTPUT) ?? preferences.colorOutput ?? true);
    const timestamps = timestampFormatOf(options.timestampFormat, env, preferences.timestampFormat);
    this.timeText = (iso) => timeText(iso, timestamps, world.clock.now());
    this.configFile = new ConfigFile(locateConfigFile({ env, homeDirectory }), this.warn);
    this.store = new CredentialStore(this.configFile, { clock: world.clock, env, onWarning: this.warn });
    this.progress = new Progress(world);
    const plain = world.fetchTrusting(async () => certificateAuthorityOf(this.settingSources, await this.document()));
    const told = options.verbose ? verboseFetch(plain, world.clock, (text) => this.say(text)) : plain;
    this.http = { fetch: fetchWithProgress(told, this.progress), timeoutMs: REQUEST_TIMEOUT_MS, signal: world.signal };
  }

  /** What a command works with, as options, environment and file have it. */
  static async open(world: World, options: GlobalOptions): Promise<CommandContext> {
    const { env, homeDirectory } = world;
    const file = new ConfigFile(locateConfigFile({ env, homeDirectory }));
    return new CommandContext(world, options, await readPreferences(settingSourcesOf(world, options), file));
  }

  get settingSources(): SettingSources {
    return settingSourcesOf(this.world, this.options);
  }

  get clientSecret(): string | undefined {
    const secret = this.world.env.NMP_OIDC_CLIENT_SECRET;
    return secret === '' ? undefined : secret;
  }

  /** Says something to the person, beside the data. */
  say(line = ''): void {
    this.progress.clear();
    this.world.stderr.write(`${line}\n`);
  }

  /** Says once what went wrong without stopping the command. */
  readonly warn = (message: string): void => {
    if (this.warnings.has(message)) return;
    this.warnings.add(message);
    this.say(`Warning: ${calledBy(this.world.programName, message)}`);
  };

  /**
   * Reads something from stdin, which ends with the input. One line break at the end is not part of it.
   * @param command The command that has the option.
   * @throws {UsageError} when there is nothing.
   */
  async readInput(what: string, option: string, command: string): Promise<string> {
    if (this.world.isInteractive) this.say(`Reading ${what} from stdin; end it with Ctrl-D`);
    const text = (await this.world.readInput()).replace(/\r?\n$/, '');
    if (text.trim() !== '') return text;
    throw new UsageError(`${option} reads ${what} from stdin, and there is nothing there`, command);
  }

  async settings(): Promise<Settings> {
    return resolveSettings(this.settingSources, await this.document());
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

  storedTokens({ contextName, baseUrl, signInCommand }: Settings, clientSecret = this.clientSecret): StoredTokenSource {
    return new StoredTokenSource({
      configFile: this.configFile,
      contextName,
      baseUrl,
      signInCommand,
      http: this.http,
      clock: this.world.clock,
      marginSeconds: REFRESH_MARGIN_SECONDS,
      autoRefresh: this.options.autoRefresh,
      clientSecret,
      onWarning: this.warn,
      env: this.world.env,
    });
  }

  /** Tokens in exchange for the one that a workload finds in a file. */
  workloadTokens(baseUrl: string, tokenFile: string): WorkloadTokenSource {
    return new WorkloadTokenSource({
      baseUrl,
      tokenFile,
      http: this.http,
      clock: this.world.clock,
      marginSeconds: REFRESH_MARGIN_SECONDS,
      onWarning: this.warn,
    });
  }

  private document(): Promise<ConfigDocument> {
    return documentFor(this.settingSources, this.configFile);
  }
}

function settingSourcesOf({ env }: World, { baseUrl, context }: GlobalOptions): SettingSources {
  return { baseUrl, contextName: context, env };
}

function yesOrNo(text: string | undefined): boolean | undefined {
  if (!text) return undefined;
  return !/^(0|false|no)$/i.test(text);
}
