import { describe, expect, it } from '@jest/globals';
import { KeySchedule, type ScheduledKey } from './key-schedule.js';

const day = 86_400_000;
const start = Date.parse('2030-01-01T00:00:00Z');
const schedule = new KeySchedule(30);
const first = keyAt(1, 0);
const second = keyAt(2, 30 * day);

describe('KeySchedule', () => {
  it('makes the first key sign at once', () => {
    expect(schedule.due([], at(0))).toEqual({ generation: 1, signsFrom: at(0) });
  });

  it('makes the next key a day before it signs', () => {
    expect(schedule.due([first], at(29 * day - 1))).toBeUndefined();
    expect(schedule.due([first], at(29 * day))).toEqual(second);
    expect(schedule.due([first, second], at(30 * day))).toBeUndefined();
  });

  it('publishes a key that is made late for a day before it signs, all the same', () => {
    expect(schedule.due([first], at(100 * day))).toEqual(keyAt(2, 101 * day));
  });

  it('signs with the last key whose time has come', () => {
    expect(schedule.signing([first, second], at(30 * day - 1))).toBe(first);
    expect(schedule.signing([first, second], at(30 * day))).toBe(second);
    expect(schedule.signing([], at(0))).toBeUndefined();
  });

  it('publishes an old key until all that it signed has ended', () => {
    const end = 30 * day + schedule.retirementMs;
    expect(schedule.published([first, second], at(0))).toEqual([first, second]);
    expect(schedule.published([first, second], at(end - 1))).toEqual([first, second]);
    expect(schedule.published([first, second], at(end))).toEqual([second]);
    expect(schedule.retirementMs).toBeGreaterThan(3_600_000 + 300_000);
  });

  it('publishes it for as long as the longest-lived token that it signed', () => {
    const patient = new KeySchedule(30, 90 * 86_400);
    const end = 30 * day + 90 * day;
    expect(patient.published([first, second], at(end))).toEqual([first, second]);
    expect(patient.published([first, second], at(end + 3_600_000))).toEqual([second]);
  });

  it('publishes it for as long as an access key needs it, whatever may be made now', () => {
    const needed = { ...first, neededUntil: at(90 * day) };
    expect(schedule.published([needed, second], at(90 * day))).toEqual([needed, second]);
    expect(schedule.published([needed, second], at(90 * day + 900_000))).toEqual([second]);
  });

  it('leads by half of a short rotation', () => {
    expect(new KeySchedule(1).due([first], at(day / 2))).toEqual(keyAt(2, day));
  });
});

function keyAt(generation: number, afterMs: number): ScheduledKey {
  return { generation, signsFrom: at(afterMs) };
}

function at(afterMs: number): Date {
  return new Date(start + afterMs);
}
