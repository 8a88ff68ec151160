import type { AuthError } from '@nmp/tokens';
import type { Clock } from '../clock.js';

const WINDOW_MS = 60_000;
/** So many lines are written in a minute, and so many kinds of refusals remembered. */
const MOST_KINDS = 100;
/** A text as JSON has it, with its escapes, also where its end was cut off. */
const quoted = /"(?:\\.|[^"\\])*"?/gs;
/** What honest clients meet with: tokens end, readable ones and others, and nonces are told by a refusal. */
const everydayCodes: ReadonlySet<string> = new Set(['token_expired', 'token_inactive', 'dpop_nonce']);

/** Where refusals are written. */
export interface RefusalSink {
  warn(line: string): void;
  debug(line: string): void;
}

/**
 * Writes why tokens are refused: each distinct sentence once a minute, with the number of those left out, and a hundred
 * of them at the most, so that a flood of bad tokens does not become a flood of log lines. A request without any token is
 * no event.
 */
export class RefusalLog {
  /** The oldest first. */
  private readonly seen = new Map<string, { since: number; suppressed: number }>();
  // Apart, for refusals that are hardly ever looked at must not use up the lines of the others.
  private readonly minutes = { warn: { since: -Infinity, lines: 0 }, debug: { since: -Infinity, lines: 0 } };

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
    const key = `${error.code}|${error.message.replaceAll(quoted, '').slice(0, 80)}`;
    const now = this.clock.now().getTime();
    const earlier = this.seen.get(key);
    if (earlier && now < earlier.since + WINDOW_MS) {
      earlier.suppressed++;
      return;
    }
    const level = everyday ? 'debug' : 'warn';
    if (!this.hasRoom(level, now)) return;
    this.remember(key, now);
    const suffix =
      earlier && earlier.suppressed > 0 ? ` (and ${earlier.suppressed} more like it in the last minute)` : '';
    this.sink[level](line + suffix);
  }

  /** Whether one more line may be written in this minute; the first that may not is told of. */
  private hasRoom(level: keyof RefusalSink, now: number): boolean {
    const minute = this.minutes[level];
    if (now >= minute.since + WINDOW_MS) Object.assign(minute, { since: now, lines: 0 });
    minute.lines += 1;
    if (minute.lines === MOST_KINDS + 1) {
      this.sink[level](`More than ${MOST_KINDS} kinds of refusals within a minute: the others of it are left out`);
    }
    return minute.lines <= MOST_KINDS;
  }

  private remember(key: string, now: number): void {
    this.seen.delete(key); // to stand at the end
    const [oldest] = this.seen.keys();
    if (oldest !== undefined && this.seen.size >= MOST_KINDS) this.seen.delete(oldest);
    this.seen.set(key, { since: now, suppressed: 0 });
  }
}

/** Messages may hold words of the refused token. What terminals and log viewers take for a control is written as a code. */
function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
