import { Logger } from '@nestjs/common';
import { type NatsOptions, ServerNats } from '@nestjs/microservices';
import { readNatsQuestion } from './nats-question.js';

/** What is read of a message of NATS. */
export interface NatsMessage {
  readonly subject: string;
  /** Where the answer goes; nobody waits for one without it. */
  readonly reply?: string;
  string(): string;
}

const WARNED_EVERY_MS = 60_000;

/** Answers every message of NATS that can be answered, and lets the others go, so that nobody fills the log with them. */
export class NatsQuestionServer extends ServerNats {
  private readonly ownLogger = new Logger('Messages');
  private warnedMs = Number.NEGATIVE_INFINITY;
  private dropped = 0;

  /** @param nowMs a clock that is never set back */
  constructor(
    options: Required<NatsOptions>['options'],
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    super({
      ...options,
      deserializer: {
        deserialize: (message: NatsMessage) => readNatsQuestion(message.string(), message.subject),
      },
    });
  }

  override async handleMessage(channel: string, message: NatsMessage): Promise<unknown> {
    if (message.reply !== undefined && message.reply !== '') return super.handleMessage(channel, message);
    this.drop(channel);
    return undefined;
  }

  private drop(channel: string): void {
    this.dropped += 1;
    const nowMs = this.nowMs();
    if (nowMs - this.warnedMs < WARNED_EVERY_MS) return;
    const others = this.dropped > 1 ? ` and ${this.dropped - 1} before it` : '';
    this.ownLogger.warn(`A message to ${channel}${others} had no reply subject, and was not answered`);
    this.warnedMs = nowMs;
    this.dropped = 0;
  }
}
