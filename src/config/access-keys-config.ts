import type { Settings } from './file-settings.js';

/** Which access keys people may make for themselves. */
export interface AccessKeysConfig {
  readonly audience: string;
  /** How long a key lives for which nobody says how long. */
  readonly defaultLifeSeconds: number;
  readonly maxLifeSeconds: number;
  /** How many keys that can be used one owner may have. */
  readonly maxPerOwner: number;
}

/** What the settings must not collide with. */
export interface AccessKeySurroundings {
  /** The audiences that other tokens have. */
  readonly taken: readonly string[];
  readonly rotationDays: number;
}

const MONTH_SECONDS = 30 * 86_400;
const YEAR_SECONDS = 365 * 86_400;
// A verifier reads 100 keys of a set at the most, and a key that has signed stays published until what it signed has ended.
const MAX_ROTATIONS = 90;

/** Checks the settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function accessKeysConfigOf(
  settings: Settings | undefined,
  { taken, rotationDays }: AccessKeySurroundings,
  problems: string[],
): AccessKeysConfig | undefined {
  if (settings === undefined) return undefined;
  const {
    enabled = false,
    audience = 'nemo-platform-access-key',
    max_expires_in_seconds: maxLifeSeconds = MONTH_SECONDS,
    default_expires_in_seconds: defaultLifeSeconds = Math.min(MONTH_SECONDS, maxLifeSeconds),
    max_per_owner: maxPerOwner = 100,
    issue_format: issueFormat = 'jwt',
    accepted_formats: acceptedFormats = ['jwt'],
  } = settings as Partial<{
    enabled: boolean; // by the tree of settings
    audience: string;
    default_expires_in_seconds: number;
    max_expires_in_seconds: number;
    max_per_owner: number;
    issue_format: string;
    accepted_formats: string[];
  }>;
  const rules: readonly (readonly [isRight: boolean, problem: string])[] = [
    [audience.trim() !== '' && !taken.includes(audience), 'audience must be a text, and no audience of other tokens'],
    [
      isBetween(maxLifeSeconds, 1, YEAR_SECONDS),
      `max_expires_in_seconds must be between 1 and ${YEAR_SECONDS}: there are no keys without an end`,
    ],
    [
      isBetween(defaultLifeSeconds, 1, maxLifeSeconds),
      'default_expires_in_seconds must be between 1 and max_expires_in_seconds',
    ],
    [
      maxLifeSeconds <= rotationDays * 86_400 * MAX_ROTATIONS,
      `max_expires_in_seconds must be at most ${MAX_ROTATIONS} times as long as signing_keys.rotation_days`,
    ],
    [isBetween(maxPerOwner, 1, 10_000), 'max_per_owner must be between 1 and 10000'],
    [issueFormat === 'jwt', 'issue_format must be jwt'],
    [acceptedFormats.length === 1 && acceptedFormats[0] === 'jwt', 'accepted_formats must be [jwt]'],
  ];
  problems.push(...rules.flatMap(([isRight, problem]) => (isRight ? [] : [`auth.access_keys.${problem}`])));
  if (!enabled) return undefined;
  return Object.freeze({ audience, defaultLifeSeconds, maxLifeSeconds, maxPerOwner });
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
