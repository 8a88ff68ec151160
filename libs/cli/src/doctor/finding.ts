/** How serious a finding is: only a problem keeps people from signing in. */
export type FindingLevel = 'ok' | 'warning' | 'problem';

/** What one check found. Holds nothing secret. */
export interface Finding {
  readonly level: FindingLevel;
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
  /** The line of the platform's configuration that would help, such as `auth.oidc.audience: "nmp-platform"`. */
  readonly config?: string;
  /** Whether a server did not answer, which later may be otherwise. */
  readonly isOutage?: true;
  /** Whether it is of one token alone: that of another sign-in may well be better. */
  readonly isOfOneToken?: boolean;
}

/** What helps against a finding. */
export type Remedy = Pick<Finding, 'advice' | 'config' | 'isOutage' | 'isOfOneToken'>;

/** All is well with what was looked at. */
export function ok(check: string, message: string): Finding {
  return { level: 'ok', check, message };
}

/** Signing in works, yet somebody will wonder. */
export function warning(check: string, message: string, remedy: Remedy = {}): Finding {
  return { level: 'warning', check, message, ...remedy };
}

/** Signing in does not work, or the platform will not accept what comes of it. */
export function problem(check: string, message: string, remedy: Remedy = {}): Finding {
  return { level: 'problem', check, message, ...remedy };
}

/** A line of the platform's configuration. */
export function configLine(key: string, value: string | readonly string[]): string {
  return `auth.${key}: ${JSON.stringify(value)}`;
}
