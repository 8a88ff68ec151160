import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AskingLimit, AskingLimitError } from './asking-limit.js';

/** A task that ends when it is told to. */
function task() {
  let resolve = (_value: string): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const run = jest.fn(() => promise);
  return { run, resolve, reject };
}

describe('AskingLimit', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('lets the next begin when one has ended, well or badly, in the order they came', async () => {
    const limit = new AskingLimit(1, 1000);
    const tasks = [task(), task(), task()] as const;
    const results = tasks.map(({ run }) => limit.run(run));
    expect(tasks.map(({ run }) => run.mock.calls.length)).toEqual([1, 0, 0]);
    tasks[0].reject(new Error('failed'));
    await expect(results[0]).rejects.toThrow('failed');
    expect(tasks.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0]);
    tasks[1].resolve('second');
    tasks[2].resolve('third');
    expect(await Promise.all(results.slice(1))).toEqual(['second', 'third']);
    expect(await limit.run(() => Promise.resolve('later'))).toBe('later');
  });

  it('turns away whoever is one too many', async () => {
    const limit = new AskingLimit(1, 1000);
    const tasks = Array.from({ length: 12 }, task);
    const results = tasks.map(({ run }) => limit.run(run));
    await expect(results[11]).rejects.toThrow(AskingLimitError);
    for (const { resolve } of tasks) resolve('done');
    expect(await Promise.all(results.slice(0, 11))).toHaveLength(11);
  });

  it('turns away whoever has waited for too long, and keeps no place for them', async () => {
    const limit = new AskingLimit(1, 1000);
    const [first, second] = [task(), task()];
    const running = limit.run(first.run);
    const waiting = expect(limit.run(second.run)).rejects.toThrow(AskingLimitError);
    await jest.advanceTimersByTimeAsync(1000);
    await waiting;
    first.resolve('done');
    await running;
    expect(second.run).not.toHaveBeenCalled();
    expect(await limit.run(() => Promise.resolve('free'))).toBe('free');
  });
});
