import type { AuthError } from '@nmp/tokens';
import type { Clock } from '../clock.js';

const MINUTE_MS = 60_000;
/** How long a refusal is not told of again. */
const usual = { windowMs: MINUTE_MS, period: 'minute' };
/** Who develops looks at the log, and tries again. */
const inDevelopment = { windowMs: 10_000, period: '10 seconds' };
/** So many lines are written in a minute, and so many kinds of refusals remembered. */
const MOST_KINDS = 100;
/** Claims are cut where they are quoted; this is for messages that are not the module's own. */
const MOST_CHARACTERS = 1500;
/** A text as JSON has it, with its escapes, also where its end was cut off. */
const quoted = /"(?:\\.|[^"\\])*"?/gs;
/** What says how late or early a token came. */
const seconds = /\b\d+ s\b/g;
/** What honest clients meet with: tokens end, readable ones and others, and nonces are told by a refusal. */
const everydayCodes: ReadonlySet<string> = new Set(['token_expired', 'token_inactive', 'dpop_nonce']);

/** Where refusals are written. */
export interface RefusalSink {
  /** Takes what somebody should look at. */
  warn(line: string): void;
  /** Takes what matters only to who looks for a reason. */
  debug(line: string): void;
}

/** Says of a refusal what to look at, in development. */
export type RefusalExplanation = (error: AuthError) => string;

/**
 * Writes why tokens are refused: each distinct sentence once a minute, with the number of those left out, and a hundred
 * of them at the most, so that a flood of bad tokens does not become a flood of log lines. A request without any token is
 * no event. In development every refusal is one, and is explained.
 */
export class RefusalLog {
  /** The oldest first. */
  private readonly seen = new Map<string, { since: number; suppressed: number }>();
  // Apart, for refusals that are hardly ever looked at must not use up the lines of the others.
  private readonly minutes = { warn: { since: -Infinity, lines: 0 }, debug: { since: -Infinity, lines: 0 } };
  /** In development: what was written where it happened is not written once more when it is answered. */
  private readonly noted = new WeakSet<AuthError>();

  /** @param explanation In development alone. */
  constructor(
    private readonly sink: RefusalSink,
    private readonly clock: Clock,
    private readonly explanation?: RefusalExplanation,
  ) {}

  /** Notes a refusal where it happens. */
  note(error: AuthError): void {
    if (this.explanation !== undefined) this.noted.add(error);
    else if (error.code === 'missing_token') return;
    this.write(error, '');
  }

  /** Notes what is left to the answer otherwise, for a message that has no answer. */
  noteEvent(error: AuthError): void {
    if (this.explanation !== undefined) return; // it is explained, like every one
    if (error.code === 'missing_token' || error.code === 'insufficient_scope')
      this.write(error, 'An event was refused: ');
  }

  /** Notes a refusal that is being answered, in development and unless it was noted before. */
  explain(error: AuthError): void {
    if (this.explanation === undefined || this.noted.has(error)) return;
    this.noted.add(error);
    this.write(error, '');
  }

  private write(error: AuthError, prefix: string): void {
    const { explanation } = this;
    const line = `${prefix}${error.code}: ${printable(error.message)}`;
    // Everyday refusals are for those who look; the others mean that a setting or a provider is wrong, or an attack.
    const everyday = everydayCodes.has(error.code) || error.status === 400;
    const { windowMs, period } = explanation === undefined ? usual : inDevelopment;
    const now = this.clock.now().getTime();
    const key = kindOf(error);
    const earlier = this.seen.get(key);
    if (earlier && now < earlier.since + windowMs) {
      earlier.suppressed++;
      return;
    }
    const level = everyday && explanation === undefined ? 'debug' : 'warn';
    if (!this.hasRoom(level, now)) return;
    this.remember(key, now);
    const suffix =
      earlier && earlier.suppressed > 0 ? ` (and ${earlier.suppressed} more like it in the last ${period})` : '';
    this.sink[level](line + suffix + (explanation === undefined ? '' : ` ${explanation(error)}`));
  }

  /** Whether one more line may be written in this minute; the first that may not is told of. */
  private hasRoom(level: keyof RefusalSink, now: number): boolean {
    const minute = this.minutes[level];
    if (now >= minute.since + MINUTE_MS) Object.assign(minute, { since: now, lines: 0 });
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

/** Without the words of the token in it: a flood of invented issuers is one kind of refusal. */
function kindOf({ code, message }: AuthError): string {
  return `${code}|${message.slice(0, MOST_CHARACTERS).replaceAll(quoted, '').replaceAll(seconds, '').slice(0, 80)}`;
}

/** Messages may hold words of the refused token. What terminals and log viewers take for a control is written as a code. */
function printable(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return cut.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
