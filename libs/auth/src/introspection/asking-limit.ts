/** Too many questions are under way, or have been waiting for too long. */
export class AskingLimitError extends Error {
  override readonly name = 'AskingLimitError';
}

interface Waiting {
  readonly begin: () => void;
}

const WAITING_PER_PLACE = 10;

/** Lets so many tasks run at a time; ten times as many wait for a while, and others are turned away. */
export class AskingLimit {
  private running = 0;
  private readonly queue = new Set<Waiting>();

  constructor(
    private readonly places: number,
    private readonly patienceMs: number,
  ) {}

  /** @throws {AskingLimitError} when the task does not get its turn. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.places) await this.turn();
    else this.running++;
    try {
      return await task();
    } finally {
      this.leave();
    }
  }

  private turn(): Promise<void> {
    if (this.queue.size >= this.places * WAITING_PER_PLACE) {
      return Promise.reject(new AskingLimitError('too many tokens are being asked about at once'));
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.queue.delete(waiting);
        reject(new AskingLimitError(`so many tokens are being asked about that ${this.patienceMs} ms were not enough`));
      }, this.patienceMs);
      this.queue.add(waiting);
    });
  }

  /** Hands the place on to whoever has waited longest. */
  private leave(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.running--;
      return;
    }
    this.queue.delete(next);
    next.begin();
  }
}
