import type { Finding } from './finding.js';
import { ok, problem, warning } from './finding.js';

const CHECK = 'clock';
// What the platform forgives; beyond it tokens come from the future, or have ended before they arrive.
const TOLERATED_SECONDS = 30;

/** How far clocks are ahead of this machine's, in seconds. What nobody tells is absent. */
export interface ClockReadings {
  readonly provider?: number | undefined;
  readonly platform?: number | undefined;
  /** When the token was issued: the provider's clock has been there already, and may be anywhere beyond. */
  readonly tokenIssued?: number | undefined;
}

/** Whether the clocks of provider, platform and this machine agree, as far as anybody tells the time. */
export function examineClocks({ provider, platform, tokenIssued }: ClockReadings): Finding[] {
  const ahead = provider ?? tokenIssued;
  if (ahead === undefined) return [warning(CHECK, 'The provider does not tell the time (no Date header)')];
  const isExact = provider !== undefined;
  const isTooFar = (seconds: number): boolean => (isExact ? Math.abs(seconds) : seconds) > TOLERATED_SECONDS;
  const told = (seconds: number): string => `${isExact ? '' : 'at least '}${Math.abs(seconds)} s`;
  const findings: Finding[] = [];
  if (platform !== undefined && isTooFar(ahead - platform)) {
    findings.push(
      problem(CHECK, `The clocks of provider and platform are ${told(ahead - platform)} apart`, {
        advice: `The platform forgives ${TOLERATED_SECONDS} s: set the clocks by NTP`,
        config: `auth.clock_tolerance_seconds: ${Math.abs(ahead - platform) + 5}`,
      }),
    );
  }
  if (isTooFar(ahead)) {
    const where = ahead > 0 ? 'behind' : 'ahead of';
    findings.push(
      warning(CHECK, `This machine's clock is ${told(ahead)} ${where} the provider's`, {
        advice: 'Set it by NTP: it decides when a token is refreshed',
      }),
    );
  }
  if (findings.length > 0) return findings;
  return [ok(CHECK, isExact ? 'The clocks agree' : 'The token was not issued in the future')];
}
