import type { Clock } from '@nmp/auth';

const MINUTE_MS = 60_000;
const MAX_CLIENTS = 10_000;

interface Minute {
  readonly endsAt: number;
  count: number;
}

/** Counts what each client does within a minute, of the clients that were last new. */
export class MinuteCounter {
  // In the order in which the minutes began.
  private readonly minutes = new Map<string, Minute>();

  constructor(
    private readonly limit: number,
    private readonly clock: Clock,
  ) {}

  /** Counts one more. @returns if it is one too many, after how many seconds the client may come again. */
  add(client: string): number | undefined {
    const now = this.clock.now().getTime();
    const minute = this.minutes.get(client);
    if (minute === undefined || isOver(minute, now)) {
      this.begin(client, now);
      return undefined;
    }
    minute.count += 1;
    return minute.count > this.limit ? Math.max(1, Math.ceil((minute.endsAt - now) / 1000)) : undefined;
  }

  private begin(client: string, now: number): void {
    this.minutes.delete(client); // to stand at the end
    const [oldest] = this.minutes.keys();
    if (oldest !== undefined && this.minutes.size >= MAX_CLIENTS) this.minutes.delete(oldest);
    this.minutes.set(client, { endsAt: now + MINUTE_MS, count: 1 });
  }
}

/** Also when the clock was put back. */
function isOver({ endsAt }: Minute, now: number): boolean {
  return now >= endsAt || now < endsAt - MINUTE_MS;
}
