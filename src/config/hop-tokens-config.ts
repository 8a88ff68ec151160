import { readEncryptionKey } from './encryption-key.js';
import type { Settings } from './file-settings.js';
import { isServiceName } from './service-name.js';

/** For which services behind gateways the platform issues hop tokens. */
export interface HopTokensConfig {
  readonly audiences: readonly string[];
  readonly lifeSeconds: number;
}

/** How the keys that sign the platform's own tokens are looked after. */
export interface SigningKeysConfig {
  readonly rotationDays: number;
  /** Encrypts the keys in the database; missing: they are stored as they are. */
  readonly encryptionKey?: Uint8Array | undefined;
}

const ENCRYPTION_KEY_FILE = 'signing_keys.encryption_key_file';
const MAX_LIFE_SECONDS = 60;
const MIN_LIFE_SECONDS = 10;

/**
 * Checks the settings and adds a line to `problems` for each that is wrong.
 * @param taken the audiences that other tokens have: a hop token with one of these would be more than it is
 */
export function hopTokensConfigOf(
  settings: Settings | undefined,
  taken: readonly string[],
  problems: string[],
): HopTokensConfig | undefined {
  if (settings === undefined) return undefined;
  const { audiences = [], life_seconds: lifeSeconds = MAX_LIFE_SECONDS } = settings as Partial<{
    audiences: string[]; // by the tree of settings
    life_seconds: number;
  }>;
  if (audiences.length === 0) problems.push('hop_tokens.audiences must name the services that get hop tokens');
  for (const audience of audiences) {
    if (!isServiceName(audience)) {
      problems.push('hop_tokens.audiences must be names of 1 to 63 letters, digits, dots, hyphens and underscores');
    } else if (taken.includes(audience)) {
      problems.push(`hop_tokens.audiences must not name ${audience}, which is an audience of the platform itself`);
    }
  }
  if (new Set(audiences).size < audiences.length) problems.push('hop_tokens.audiences must name each service once');
  if (lifeSeconds < MIN_LIFE_SECONDS || lifeSeconds > MAX_LIFE_SECONDS) {
    problems.push(`hop_tokens.life_seconds must be between ${MIN_LIFE_SECONDS} and ${MAX_LIFE_SECONDS}`);
  }
  return Object.freeze({ audiences: Object.freeze([...audiences]), lifeSeconds });
}

/** Checks the setting, fills in the default, and adds a line to `problems` when it is wrong. */
export function signingKeysConfigOf(settings: Settings | undefined, problems: string[]): SigningKeysConfig {
  const rotationDays = settings?.rotation_days ?? 30;
  const isRight = Number.isInteger(rotationDays) && Number(rotationDays) >= 1 && Number(rotationDays) <= 365;
  if (!isRight) problems.push('signing_keys.rotation_days must be between 1 and 365');
  const file = settings?.encryption_key_file as string | undefined; // by the tree of settings
  const encryptionKey = file === undefined ? undefined : readEncryptionKey(ENCRYPTION_KEY_FILE, file, problems);
  return Object.freeze({ rotationDays: Number(rotationDays), ...(encryptionKey && { encryptionKey }) });
}
