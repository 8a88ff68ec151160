import { describe, expect, it } from '@jest/globals';
import { MinuteCounter } from './minute-counter.js';

let time = Date.parse('2030-01-01T00:00:00Z');
const clock = { now: () => new Date(time) };

describe('MinuteCounter', () => {
  it('lets each client do so much within a minute, and tells how long to wait for more', () => {
    const counter = new MinuteCounter(2, clock);
    expect([counter.add('a'), counter.add('a')]).toEqual([undefined, undefined]);
    time += 20_500;
    expect(counter.add('a')).toBe(40);
    expect(counter.add('b')).toBeUndefined();

    time += 39_500;
    expect(counter.add('a')).toBeUndefined();
  });

  it('begins anew when the clock was put back', () => {
    const counter = new MinuteCounter(1, clock);
    counter.add('a');
    time -= 3_600_000;
    expect(counter.add('a')).toBeUndefined();
    expect(counter.add('a')).toBe(60);
  });

  it('forgets the client that came first when there are more than it can remember', () => {
    const counter = new MinuteCounter(1, clock);
    for (let client = 0; client < 10_000; client++) counter.add(`client ${client}`);
    expect(counter.add('client 1')).toBe(60);
    counter.add('one more');
    expect(counter.add('client 0')).toBeUndefined();
    expect(counter.add('client 9999')).toBe(60);
  });
});
