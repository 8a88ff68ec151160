import { describe, expect, it } from '@jest/globals';
import type { ClockReadings } from './examine-clocks.js';
import { examineClocks } from './examine-clocks.js';

describe('examineClocks', () => {
  it.each<[string, ClockReadings, string[]]>([
    ['nobody tells the time', {}, ['warning: The provider does not tell the time (no Date header)']],
    ['all agree', { provider: 3, platform: -2 }, ['ok: The clocks agree']],
    ['this machine is behind', { provider: 90 }, ["warning: This machine's clock is 90 s behind the provider's"]],
    ['this machine is ahead', { provider: -90 }, ["warning: This machine's clock is 90 s ahead of the provider's"]],
    [
      'the platform is behind',
      { provider: 0, platform: -120 },
      ['problem: The clocks of provider and platform are 120 s apart'],
    ],
    ['the token alone tells it', { tokenIssued: -3600 }, ['ok: The token was not issued in the future']],
    ['the provider tells it better', { provider: 0, tokenIssued: 90 }, ['ok: The clocks agree']],
    [
      'the token comes from the future',
      { tokenIssued: 90 },
      ["warning: This machine's clock is at least 90 s behind the provider's"],
    ],
    [
      "the token comes from the platform's future",
      { tokenIssued: 0, platform: -120 },
      ['problem: The clocks of provider and platform are at least 120 s apart'],
    ],
    [
      'an old token proves nothing',
      { tokenIssued: -3600, platform: 0 },
      ['ok: The token was not issued in the future'],
    ],
  ])('when %s', (_, readings, expected) => {
    expect(examineClocks(readings).map(({ level, message }) => `${level}: ${message}`)).toEqual(expected);
  });
});
