import { authOptionsOf } from './auth-options.js';
import { ConfigError } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { settingsOfEnvironment, type Environment } from './environment-settings.js';
import { exposureConfigOf } from './exposure-config.js';
import { settingsOfFile, type Settings } from './file-settings.js';
import { withIntrospectionFiles } from './introspection-files.js';
import { loadLimitsOf } from './load-limits.js';
import type { PlatformConfig } from './platform-config.js';
import { messagingConfigOf } from './messaging-config.js';
import { metricsConfigOf } from './metrics-config.js';
import { mintedConfigOf } from './minted-config.js';
import { policyConfigOf } from './policy-config.js';
import { serviceSettingsOf } from './service-settings.js';

const DEFAULT_PATH = './config/platform.yaml';

/**
 * Reads the configuration: the file named by `NMP_CONFIG_FILE_PATH`, overridden by environment variables.
 * @throws {ConfigError} listing every unknown or wrong setting; {StartUpError} when the file cannot be read.
 */
export function loadConfig(environment: Environment): PlatformConfig {
  const path = environment.NMP_CONFIG_FILE_PATH;
  const content = readConfigFile(path ?? DEFAULT_PATH, path !== undefined);
  const problems: string[] = [];
  const settings = merge(settingsOfFile(content ?? {}, problems), settingsOfEnvironment(environment, problems));
  const service = serviceSettingsOf(settings, problems);
  const loadLimits = loadLimitsOf(settings.server as Settings | undefined, problems);
  const policy = policyConfigOf((settings.auth ?? {}) as Settings, problems);
  const { host, port, dataDir, databaseUrl } = service;
  const publicUrl = (service.publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const minted = mintedConfigOf(settings, publicUrl, problems);
  const exposure = exposureConfigOf(settings.server as Settings | undefined, problems);
  const metrics = metricsConfigOf(settings.metrics as Settings | undefined, service, problems);
  const messaging = messagingConfigOf(settings.messaging as Settings | undefined, host, problems);
  const authSettings = withIntrospectionFiles((settings.auth ?? {}) as Settings, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  const auth = authOptionsOf(authSettings, publicUrl);
  const missingFile = content === undefined ? DEFAULT_PATH : undefined;
  return Object.freeze({
    missingFile,
    server: Object.freeze({ host, port }),
    exposure,
    loadLimits,
    publicUrl,
    dataDir,
    databaseUrl,
    audit: Object.freeze({ retentionDays: service.auditRetentionDays }),
    log: Object.freeze({ level: service.logLevel }),
    metrics,
    ...minted,
    messaging,
    auth,
    policy: Object.freeze(policy),
  });
}

/** The second wins, section by section; a list is replaced as a whole. */
function merge(settings: Settings, overrides: Settings): Settings {
  const merged = { ...settings };
  for (const [key, value] of Object.entries(overrides)) {
    const under = merged[key];
    merged[key] = isSection(under) && isSection(value) ? merge(under, value) : value;
  }
  return merged;
}

function isSection(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
