import { UnreadableMessage } from './message-reader.js';

/** A question as the handlers get it. */
export interface NatsQuestion {
  readonly pattern: string;
  /** What the reply repeats; `null` where the question had none. */
  readonly id: string | number | null;
  readonly data: unknown;
}

/**
 * Reads the payload of a request. One of another form is a question, too, whose data is unreadable: its sender is identified
 * and refused like any other.
 */
export function readNatsQuestion(payload: string, subject: string): NatsQuestion {
  const { pattern, id, data } = membersOf(payload);
  const readableId = typeof id === 'string' || typeof id === 'number' ? id : null;
  const isReadable = typeof pattern === 'string' && readableId !== null;
  return { pattern: subject, id: readableId, data: isReadable ? data : new UnreadableMessage() };
}

function membersOf(payload: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
