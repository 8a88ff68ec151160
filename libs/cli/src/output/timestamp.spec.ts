import { describe, expect, it, jest } from '@jest/globals';
import { UsageError } from '../usage-error.js';
import { timestampFormatOf, timeText } from './timestamp.js';

const now = new Date('2030-01-01T12:00:00Z');

describe('timeText', () => {
  it.each([
    ['2030-01-01T11:58:30Z', '1m 30s ago'],
    ['2030-01-03T12:00:00Z', 'in 2d'],
    ['2030-01-01T13:58:30+02:00', '1m 30s ago'],
    ['2030-01-01T12:00:00Z', '0s ago'],
    ['yesterday', 'yesterday'],
  ])('shows %s as %s', (iso, shown) => {
    expect(timeText(iso, 'relative', now)).toBe(shown);
    expect(timeText(iso, 'iso8601', now)).toBe(iso);
  });

  it('takes a time without a zone for UTC, wherever this machine is', () => {
    const { parse } = Date;
    const hasZone = /Z$|[+-]\d\d:\d\d$/;
    const inTokyo = jest.spyOn(Date, 'parse').mockImplementation((text) => {
      return parse(hasZone.test(text) ? text : `${text}+09:00`);
    });
    expect(timeText('2030-01-01T11:58:30.250000', 'relative', now)).toBe('1m 29s ago');
    inTokyo.mockRestore();
  });
});

describe('timestampFormatOf', () => {
  it('takes the option before the environment, and nothing unknown', () => {
    expect(timestampFormatOf('relative', { NMP_TIMESTAMP_FORMAT: 'iso8601' })).toBe('relative');
    expect(timestampFormatOf(undefined, { NMP_TIMESTAMP_FORMAT: 'relative' })).toBe('relative');
    expect(timestampFormatOf(undefined, {})).toBe('iso8601');
    expect(() => timestampFormatOf(undefined, { NMP_TIMESTAMP_FORMAT: 'unix' })).toThrow(UsageError);
  });
});
