import { describe, expect, it } from '@jest/globals';
import { EventStamps } from './event-stamps.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('EventStamps', () => {
  it('gives ids of version 7 that sort as the events happened, also within a millisecond', () => {
    const clock = setClock();
    const stamps = new EventStamps(clock);
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let at = 0; at < 300; at += 1) ids.push(stamps.next().id);
      clock.advance(0.001);
    }
    expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(900);
    expect(ids).toEqual([...ids].sort());
  });

  it('tells the time of the clock', () => {
    const { id, at } = new EventStamps(setClock('2030-01-01T00:00:00.123Z')).next();
    expect(at.toISOString()).toBe('2030-01-01T00:00:00.123Z');
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime());
  });
});

function setClock(time = '2030-01-01T00:00:00Z') {
  let ms = Date.parse(time);
  return {
    now: () => new Date(ms),
    advance: (seconds: number) => {
      ms += seconds * 1000;
    },
  };
}
