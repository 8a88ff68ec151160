import type { AuthError } from '@nmp/tokens';
import type { Clock } from '../clock.js';

const WINDOW_MS = 60_000;
/** What honest clients meet with: tokens end, readable ones and others, and nonces are told by a refusal. */
const everydayCodes: ReadonlySet<string> = new Set(['token_expired', 'token_inactive', 'dpop_nonce']);

/** Where refusals are written. */
export interface RefusalSink {
  warn(line: string): void;
  debug(line: string): void;
}

/**
 * Writes why tokens are refused: each distinct sentence once a minute, with the number of those left out, so that a
 * flood of bad tokens does not become a flood of log lines. A request without any token is no event.
 */
export class RefusalLog {
  private readonly seen = new Map<string, { since: number; suppressed: number }>();

  constructor(
    private readonly sink: RefusalSink,
    private readonly clock: Clock,
  ) {}

  note(error: AuthError): void {
    if (error.code !== 'missing_token') this.write(error, '');
  }

  /** Notes what is left to the answer otherwise, for a message that has no answer. */
  noteEvent(error: AuthError): void {
    if (error.code === 'missing_token' || error.code === 'insufficient_scope')
      this.write(error, 'An event was refused: ');
  }

  private write(error: AuthError, prefix: string): void {
    const line = `${prefix}${error.code}: ${printable(error.message)}`;
    // Everyday refusals are for those who look; the others mean that a setting or a provider is wrong, or an attack.
    const everyday = everydayCodes.has(error.code) || error.status === 400;
    // Without the words of the token in it: a flood of invented issuers is one kind of refusal.
    const key = `${error.code}|${error.message.replaceAll(/"[^"]*"?/g, '').slice(0, 80)}`;
    const now = this.clock.now().getTime();
    const earlier = this.seen.get(key);
    if (earlier && now < earlier.since + WINDOW_MS) {
      earlier.suppressed++;
      return;
    }
    if (this.seen.size >= 100) this.seen.clear();
    this.seen.set(key, { since: now, suppressed: 0 });
    const suffix =
      earlier && earlier.suppressed > 0 ? ` (and ${earlier.suppressed} more like it in the last minute)` : '';
    this.sink[everyday ? 'debug' : 'warn'](line + suffix);
  }
}

/** Messages may hold words of the refused token. What terminals and log viewers take for a control is written as a code. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
