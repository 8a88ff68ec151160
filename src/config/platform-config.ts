import type { AuthModuleOptions } from '@nmp/auth';
import type { AccessKeysConfig } from './access-keys-config.js';
import type { TokenExchangeConfig } from './exchange-rule.js';
import type { ExposureConfig } from './exposure-config.js';
import type { HopTokensConfig, SigningKeysConfig } from './hop-tokens-config.js';
import type { LoadLimits } from './load-limits.js';
import type { LogLevel } from './log-level.js';
import type { MessagingConfig } from './messaging-config.js';
import type { MetricsConfig } from './metrics-config.js';
import type { PolicyConfig } from './policy-config.js';

/** The checked configuration of the service with all defaults. Frozen; nobody else reads files or the environment. */
export interface PlatformConfig {
  /** Where a file was looked for in vain. */
  readonly missingFile?: string | undefined;
  readonly server: { readonly host: string; readonly port: number };
  /** From where the service may be asked, and how often. */
  readonly exposure: ExposureConfig;
  /** How much it takes on at a time. */
  readonly loadLimits: Readonly<LoadLimits>;
  /** Where clients reach the service. */
  readonly publicUrl: string;
  /** Where the embedded database lives; `memory://` keeps it in memory. */
  readonly dataDir: string;
  /** A PostgreSQL server to use instead of the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly audit: { readonly retentionDays: number };
  readonly log: { readonly level: LogLevel };
  readonly metrics: MetricsConfig;
  readonly signingKeys: SigningKeysConfig;
  /** Missing: no hop token is issued. */
  readonly hopTokens?: HopTokensConfig | undefined;
  /** Missing: no token is exchanged. */
  readonly tokenExchange?: TokenExchangeConfig | undefined;
  /** Missing: there are no access keys. */
  readonly accessKeys?: AccessKeysConfig | undefined;
  readonly messaging: MessagingConfig;
  readonly auth: AuthModuleOptions;
  readonly policy: PolicyConfig;
}
