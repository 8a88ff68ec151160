import type { AccountSettings } from './accounts/account.js';
import type { ClientSettings } from './accounts/client.js';
import type { Logger } from './logger.js';

/** The addresses a provider may be bound to: never one that other machines reach. */
export type LoopbackHost = '127.0.0.1' | '::1' | 'localhost';

/** What `DevIdp.start` takes; everything has a default. */
export interface DevIdpOptions {
  /** 0 takes a free port. @default 0 */
  readonly port?: number;
  /** `localhost` answers on 127.0.0.1 and, where there is one, on ::1. @default '127.0.0.1' */
  readonly host?: LoopbackHost;
  /** The `iss` of every token. @default `http://{host}:{port}` */
  readonly issuer?: string;
  /** Where keys, grants, refresh tokens, device codes and sessions survive a restart. @default in memory */
  readonly dataDir?: string;
  /** The people who may sign in. @default those of `accountsFile`, else `builtInAccounts` */
  readonly accounts?: readonly AccountSettings[];
  /** A YAML file of accounts and clients. */
  readonly accountsFile?: string;
  /** Clients beside `nmp-cli` and `nmp-ci`, or in their place. @default those of `accountsFile` */
  readonly clients?: readonly ClientSettings[];
  /** The `aud` of every access token. @default 'nmp-platform' */
  readonly audience?: string;
  /** @default 3600 */
  readonly accessTokenTtlSeconds?: number;
  /** @default 600 */
  readonly deviceCodeTtlSeconds?: number;
  /** @default 1209600 (14 days) */
  readonly refreshTokenTtlSeconds?: number;
  /** Whether a refresh token is replaced each time it is used. @default true */
  readonly refreshTokenRotation?: boolean;
  /** How long a replaced refresh token still works; after that its use revokes the whole sign-in. @default 0 */
  readonly refreshReuseGraceSeconds?: number;
  /** @default silent */
  readonly logger?: Logger;
}

/** The settings of tokens, with every default filled in. */
export interface TokenSettings {
  readonly audience: string;
  readonly accessTokenTtlSeconds: number;
  readonly deviceCodeTtlSeconds: number;
  readonly refreshTokenTtlSeconds: number;
  readonly refreshTokenRotation: boolean;
  readonly refreshReuseGraceSeconds: number;
}

/** Fills in the defaults of everything about tokens. */
export function tokenSettings(options: DevIdpOptions): TokenSettings {
  return {
    audience: options.audience ?? 'nmp-platform',
    accessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 3600,
    deviceCodeTtlSeconds: options.deviceCodeTtlSeconds ?? 600,
    refreshTokenTtlSeconds: options.refreshTokenTtlSeconds ?? 14 * 24 * 3600,
    refreshTokenRotation: options.refreshTokenRotation ?? true,
    refreshReuseGraceSeconds: options.refreshReuseGraceSeconds ?? 0,
  };
}
