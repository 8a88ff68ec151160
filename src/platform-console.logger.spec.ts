import { describe, expect, it } from '@jest/globals';
import { PlatformConsoleLogger } from './platform-console.logger.js';

describe('PlatformConsoleLogger', () => {
  it('says nothing that is for finding faults, unless it is asked to', () => {
    const logger = new PlatformConsoleLogger();
    expect(shownBy(logger)).toEqual(['fatal', 'error', 'warn', 'log']);

    logger.setLevel('debug');
    expect(shownBy(logger)).toEqual(['fatal', 'error', 'warn', 'log', 'debug']);
  });

  it('can be kept from all but failures', () => {
    const logger = new PlatformConsoleLogger();
    logger.setLevel('error');
    expect(shownBy(logger)).toEqual(['fatal', 'error']);
  });
});

function shownBy(logger: PlatformConsoleLogger): string[] {
  const levels = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
  return levels.filter((level) => logger.isLevelEnabled(level));
}
