import { randomUUID } from 'node:crypto';
import { inTime } from '../../in-time.js';
import type { NotificationListener } from '../../storage/notifications.js';
import type { Mark } from './live-bindings.js';

/** How marks and their confirmations get around. */
export interface PropagationChannel {
  /** Puts a mark into the sequence of changes. */
  mark(mark: Mark): Promise<void>;
  /** Tells all instances that one of them has heard a mark. */
  confirm(confirmation: Confirmation): Promise<void>;
  /** How many instances listen, this one included. */
  countInstances(): Promise<number>;
}

/** An instance has heard a mark, and so every change that was committed before. */
export interface Confirmation {
  readonly mark: string;
  readonly instance: string;
}

/** Reads what it was told of. */
export interface SettlingReader {
  /** Waits until all that was said so far is read; rejects when it cannot be. */
  settled(): Promise<void>;
}

/** Knows when the changes of roles that were committed are known here, or to every instance. */
export class Propagation implements NotificationListener {
  private readonly instance = randomUUID();
  private readonly heard = new Map<string, () => void>();
  private readonly confirmed = new Map<string, (instance: string) => void>();

  private readonly readers: SettlingReader[] = [];

  constructor(private readonly channel: PropagationChannel) {}

  /** What is said stands in the table: who reads it there has heard it when it was read. */
  waitFor(reader: SettlingReader): void {
    this.readers.push(reader);
  }

  /** @returns whether every change committed so far was heard here in time */
  async reachesHere(timeoutMs: number): Promise<boolean> {
    const mark = randomUUID();
    const heard = new Promise<true>((resolve) => {
      this.heard.set(mark, () => resolve(true));
    });
    try {
      return await inTime(timeoutMs, Promise.all([this.channel.mark({ mark, isForAll: false }), heard]));
    } finally {
      this.heard.delete(mark);
    }
  }

  /** @returns whether every instance that listens has said in time that it heard every change committed so far */
  async reachesAll(timeoutMs: number): Promise<boolean> {
    const mark = randomUUID();
    const instances = new Set<string>();
    let needed = Number.POSITIVE_INFINITY;
    const confirmed = new Promise<void>((resolve) => {
      this.confirmed.set(mark, (instance) => {
        instances.add(instance);
        if (instances.size >= needed) resolve();
      });
    });
    const ask = async (): Promise<void> => {
      needed = await this.channel.countInstances();
      await this.channel.mark({ mark, isForAll: true });
    };
    try {
      return await inTime(timeoutMs, Promise.all([ask(), confirmed]));
    } finally {
      this.confirmed.delete(mark);
    }
  }

  /** A mark was heard on this instance, after every change before it. */
  marked(mark: Mark): void {
    // Whoever asked gives up after a while; a confirmation that cannot be sent is one that is missing.
    this.answer(mark).catch(() => undefined);
  }

  /** A confirmation came. */
  message(payload: string): void {
    const { mark, instance } = JSON.parse(payload) as Confirmation; // written by `confirm`, or it fits no mark of ours
    this.confirmed.get(mark)?.(instance);
  }

  /** What was lost is not confirmed. */
  resumed(): void {}

  private async answer({ mark, isForAll }: Mark): Promise<void> {
    const resolve = this.heard.get(mark);
    if (resolve === undefined && !isForAll) return;
    await Promise.all(this.readers.map((reader) => reader.settled()));
    resolve?.();
    if (isForAll) await this.channel.confirm({ mark, instance: this.instance });
  }
}
