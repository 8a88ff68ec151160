import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { principalOfRequest } from '@nmp/auth';
import { isAuthError } from '@nmp/tokens';
import type { FastifyRequest } from 'fastify';
import type { ErrorBody } from '../http/error-body.js';
import type { RefusalListener } from '../http/refusal-listener.js';
import { inTime } from '../in-time.js';
import type { Caller } from '../policy/caller.js';
import { Callers } from '../policy/callers.service.js';
import { Database } from '../storage/database.js';
import { AuditEventsRepository } from './audit-events.repository.js';
import { refusalOf } from './refusal.js';
import { type RefusalBatch, RefusalQueue } from './refusal-queue.js';

const INTERVAL_MS = 1_000;
const MAX_INTERVAL_MS = 30_000;
const MAX_BATCH = 500;
const MAX_SHUTDOWN_MS = 5_000;
const MAX_COUNT = 2_147_483_647;

/** Writes refusals down, in batches, while no request waits for it. */
@Injectable()
export class RefusalJournal implements RefusalListener, OnApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly seen = new WeakSet<object>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private failures = 0;
  private isLosing = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(RefusalQueue) private readonly queue: RefusalQueue,
  ) {}

  refused(request: FastifyRequest, body: ErrorBody, error: unknown): void {
    if (this.wasSeen(error)) return;
    const refusal = refusalOf(request, body, { error, caller: this.callerOf(request) });
    if (refusal === undefined) return;
    if (!this.queue.add(refusal)) this.warnOfLoss();
    if (this.queue.size >= MAX_BATCH && this.failures === 0) void this.flush();
    else this.schedule();
  }

  /** Writes what waits. Never rejects: what cannot be written goes on waiting. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeWaiting().finally(() => {
      this.writing = undefined;
      if (!this.queue.isEmpty) this.schedule();
    });
    await this.writing;
  }

  /** The last requests have been answered, and the database is still open. */
  async onApplicationShutdown(): Promise<void> {
    await inTime(MAX_SHUTDOWN_MS, this.drain());
    clearTimeout(this.timer);
    if (!this.queue.isEmpty) this.logger.warn('Some refused requests could not be written down before the end');
  }

  private async drain(): Promise<void> {
    await this.writing;
    do await this.flush();
    while (!this.queue.isEmpty && this.failures === 0);
  }

  private async writeWaiting(): Promise<void> {
    do {
      const batch = this.queue.take(MAX_BATCH);
      try {
        await this.events.insert(this.database, eventsOf(batch));
      } catch (error) {
        this.queue.failed(batch);
        if (this.failures === 0)
          this.logger.warn(`Refused requests cannot be written down for now: ${reasonOf(error)}`);
        this.failures += 1;
        return;
      }
      this.queue.written(batch);
      if (this.failures > 0) this.logger.log('Refused requests are written down again');
      this.failures = 0;
      this.isLosing = false;
    } while (this.queue.size >= MAX_BATCH);
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    const delayMs = Math.min(INTERVAL_MS * 2 ** Math.min(this.failures, 10), MAX_INTERVAL_MS);
    this.timer = setTimeout(() => void this.flush(), delayMs).unref();
  }

  private warnOfLoss(): void {
    if (!this.isLosing)
      this.logger.warn('More requests are refused than can be written down: from now on they are counted');
    this.isLosing = true;
  }

  /** An error may come by more than one way, in the other's wrapping. */
  private wasSeen(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    const { cause } = error as { cause?: unknown };
    const key = isAuthError(cause) ? cause : error;
    const wasSeen = this.seen.has(key);
    this.seen.add(key);
    return wasSeen;
  }

  private callerOf(request: FastifyRequest): Caller | undefined {
    const principal = principalOfRequest(request);
    return principal === undefined || principal.kind === 'anonymous' ? undefined : this.callers.of(principal);
  }
}

function eventsOf({ events, groups }: RefusalBatch) {
  return [...events, ...groups.map(({ group, count }) => ({ ...group.event, count: Math.min(count, MAX_COUNT) }))];
}

/** The database's own words: the statement before them is long. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
