import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { atTime } from './deadline.js';

describe('atTime', () => {
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs) };
  const pass = (ms: number): void => {
    nowMs += ms;
    jest.advanceTimersByTime(ms);
  };

  beforeEach(() => {
    nowMs = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('calls back once, when the clock shows the time', () => {
    const callback = jest.fn();
    atTime(clock, 1000, callback);
    pass(999);
    expect(callback).not.toHaveBeenCalled();
    pass(10);
    pass(5000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('waits on where the clock stands still, or is set back', () => {
    const callback = jest.fn();
    atTime(clock, 1000, callback);
    jest.advanceTimersByTime(5000);
    nowMs = -1000;
    pass(1500);
    expect(callback).not.toHaveBeenCalled();
    pass(600);
    pass(2000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('calls back for a time that is past, but not before it has returned', () => {
    const callback = jest.fn();
    atTime(clock, -1, callback);
    expect(callback).not.toHaveBeenCalled();
    pass(10);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('waits for times that no timer of Node reaches', () => {
    const callback = jest.fn();
    const days = 86_400_000;
    atTime(clock, 100 * days, callback);
    for (let day = 0; day < 99; day++) pass(days);
    expect(callback).not.toHaveBeenCalled();
    pass(2 * days);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('can be called off', () => {
    const callback = jest.fn();
    atTime(clock, 1000, callback)();
    pass(2000);
    expect(callback).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });
});
