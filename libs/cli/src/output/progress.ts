import type { World } from '../world.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const clearLine = '\r\u001b[K';

/** Whether lines may be drawn anew on stderr. */
export function isLively({ stderr, env }: Pick<World, 'stderr' | 'env'>): boolean {
  return stderr.isTTY === true && env.TERM !== 'dumb' && !env.CI && !env.NO_COLOR;
}

/** Shows on a terminal that something is under way, in a line below what was said last; elsewhere nothing. It has no colours. */
export class Progress {
  private readonly underWay = new Set<{ readonly text: string; readonly from: number }>();
  private ticks = 0;
  private isShown = false;
  private stopTicking: (() => void) | undefined;

  constructor(private readonly world: World) {}

  /**
   * Something begins that may take a while.
   * @param patience For how many ticks nothing is shown yet.
   * @returns what to call when it has ended
   */
  begin(text: string, patience = 0): () => void {
    if (!isLively(this.world)) return () => undefined;
    const entry = { text, from: this.ticks + patience };
    this.underWay.add(entry);
    this.stopTicking ??= this.world.everyTick(() => this.tick());
    return () => {
      this.underWay.delete(entry);
      if (this.underWay.size === 0) this.stop();
    };
  }

  /** Makes room for something that is said. What interrupts has made room itself. */
  clear(): void {
    if (this.isShown && !this.world.signal.aborted) this.world.stderr.write(clearLine);
    this.isShown = false;
  }

  /** Ends all that is under way. */
  stop(): void {
    this.underWay.clear();
    this.stopTicking?.();
    this.stopTicking = undefined;
    this.clear();
  }

  private tick(): void {
    this.ticks += 1;
    const shown = [...this.underWay].find(({ from }) => from < this.ticks);
    if (!shown || this.world.signal.aborted) return;
    this.world.stderr.write(`${clearLine}${frames[this.ticks % frames.length] ?? ''} ${shown.text}`);
    this.isShown = true;
  }
}

/** A fetch that shows which server keeps the person waiting. */
export function fetchWithProgress(fetchFunction: typeof fetch, progress: Progress): typeof fetch {
  const patience = 8; // most answers come sooner
  return async (input, init) => {
    const end = progress.begin(`Waiting for ${new URL(input instanceof Request ? input.url : input).host}`, patience);
    try {
      return await fetchFunction(input, init);
    } finally {
      end();
    }
  };
}
