import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { requestSignal } from './http-context.js';

describe('requestSignal', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('ends a request when its time is over, beside a signal of the caller too', () => {
    for (const signal of [undefined, new AbortController().signal]) {
      const ended = requestSignal({ signal, timeoutMs: 30_000 });
      jest.advanceTimersByTime(29_999);
      expect(ended.aborted).toBe(false);
      jest.advanceTimersByTime(1);
      expect(ended.reason).toMatchObject({ name: 'TimeoutError' });
    }
  });

  it("ends it with the caller's reason, also one that was given before", () => {
    const caller = new AbortController();
    const ended = requestSignal({ signal: caller.signal, timeoutMs: 30_000 });
    caller.abort('stop');
    expect(ended.reason).toBe('stop');
    expect(requestSignal({ signal: caller.signal, timeoutMs: 30_000 }).reason).toBe('stop');
    expect(jest.getTimerCount()).toBe(0);
  });
});

it('lets many requests share one signal: Node warns of the eleventh listener by default', () => {
  const { signal } = new AbortController();
  requestSignal({ signal, timeoutMs: 30_000 });
  const limits = Object.getOwnPropertySymbols(signal).filter(({ description }) =>
    String(description).endsWith('maxEventTargetListeners'),
  );
  expect(limits.map((limit) => Reflect.get(signal, limit) as unknown)).toEqual([0]);
});
