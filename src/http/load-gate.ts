import { type ErrorBody, errorBody } from './error-body.js';
import type { EventLoopDelay } from './event-loop-delay.js';

/**
 * Says when the service has enough to do. A request takes a place from its head to its answer, except while it waits for
 * its own body: what a client does not send is no work. What an answer's reader does not read is none, either.
 */
export class LoadGate {
  private readonly underWay = new Set<object>();
  private readonly awaitingBody = new Set<object>();

  /** @param maxPending `0`: no limit */
  constructor(
    private readonly maxPending: number,
    private readonly delay: Pick<EventLoopDelay, 'isTooLong'>,
  ) {}

  /** How many requests are being worked on. */
  get pending(): number {
    return this.underWay.size - this.awaitingBody.size;
  }

  /** Gives the request a place, or says why there is none. */
  enter(request: object): ErrorBody | undefined {
    if (this.maxPending > 0 && this.pending >= this.maxPending) return tooMuch('Too many requests at once');
    if (this.delay.isTooLong) return tooMuch('The service has more to do than it can');
    this.underWay.add(request);
    return undefined;
  }

  leave(request: object): void {
    this.underWay.delete(request);
    this.awaitingBody.delete(request);
  }

  /** @returns what to call when the body is there, or will not come. */
  awaitBody(request: object): () => void {
    if (this.underWay.has(request)) this.awaitingBody.add(request);
    return () => this.awaitingBody.delete(request);
  }
}

function tooMuch(detail: string): ErrorBody {
  return errorBody(503, detail, 'overloaded');
}
