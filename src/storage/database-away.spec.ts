import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './database-away.js';

describe('isDatabaseAway', () => {
  it.each(['08006', '53100', '53300', '57P01', '57014', '25P03', '58030', 'ECONNRESET', 'ENOTFOUND'])(
    'tells by the code %s',
    (code) => {
      expect(isDatabaseAway(Object.assign(new Error('any'), { code }))).toBe(true);
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
    'timeout exceeded when trying to connect',
  ])('tells by the sentence "%s", also as the cause of another error', (sentence) => {
    const cause = new Error(sentence);
    expect(isDatabaseAway(new Error('Failed query: rollback', { cause }))).toBe(true);
  });

  it.each([new Error('any'), Object.assign(new Error('taken'), { code: '23505' }), 'text', undefined])(
    'blames nothing else on the database: %s',
    (error) => {
      expect(isDatabaseAway(error)).toBe(false);
    },
  );
});
