import { IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';
import { checkedSettings } from './checked-settings.js';
import type { Settings } from './file-settings.js';
import { type LogLevel, logLevels } from './log-level.js';

const publicUrl = { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_fragments: false };

/** The service's own settings with their rules and defaults; what is below `auth` is checked by the auth module. */
class ServiceSettings {
  /** Where to listen. `0.0.0.0` and `::` mean every address of the machine. */
  @Matches(/^[\w.:-]+$/, { message: 'server.host must be a host name or an address' })
  host = '127.0.0.1';

  /** `0` lets the system choose. */
  @IsInt({ message: 'server.port must be a whole number' })
  @Min(0, { message: 'server.port must be between 0 and 65535' })
  @Max(65_535, { message: 'server.port must be between 0 and 65535' })
  port = 8080;

  @IsOptional()
  @IsUrl(publicUrl, { message: 'public_url must be an http or https URL' })
  publicUrl?: string;

  @Matches(/\S/, { message: 'data_dir must not be empty' })
  dataDir = './data';

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/[^/\s]+\/\S+$/, {
    message: 'database.url must be a PostgreSQL URL like postgres://user@host:5432/database',
  })
  databaseUrl?: string;

  /** How long audit events are kept. */
  @IsInt({ message: 'audit.retention_days must be a whole number' })
  @Min(1, { message: 'audit.retention_days must be between 1 and 3650' })
  @Max(3650, { message: 'audit.retention_days must be between 1 and 3650' })
  auditRetentionDays = 90;

  /** The least important lines that are logged. */
  @IsIn(logLevels, { message: `log.level must be one of ${logLevels.join(', ')}` })
  logLevel: LogLevel = 'info';
}

/** Checks the service's own settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function serviceSettingsOf(settings: Settings, problems: string[]): ServiceSettings {
  const service = new ServiceSettings();
  const { server, database, audit, log } = settings as Partial<Record<string, Settings>>;
  const given = {
    host: server?.host,
    port: server?.port,
    publicUrl: settings.public_url,
    dataDir: settings.data_dir,
    databaseUrl: database?.url,
    auditRetentionDays: audit?.retention_days,
    logLevel: log?.level,
  };
  problems.push(...checkedSettings(service, given));
  return service;
}
