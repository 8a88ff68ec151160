import { afterEach, describe, expect, it, jest } from '@jest/globals';
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

describe('what is written', () => {
  const { isTTY } = process.stdout;

  afterEach(() => {
    process.stdout.isTTY = isTTY;
  });

  it('is an object in a line, with everything that is known, where programs read it', () => {
    expect(JSON.parse(writtenBy(false))).toMatchObject({
      level: 'info',
      context: 'Http',
      message: 'GET / 200',
      request_id: 'trace-1',
    });
  });

  it('is a line for people on a terminal', () => {
    const line = writtenBy(true);
    expect(line).toContain('GET / 200');
    expect(line).not.toContain('trace-1');
  });
});

function writtenBy(isTerminal: boolean): string {
  process.stdout.isTTY = isTerminal;
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  new PlatformConsoleLogger().log('GET / 200', { request_id: 'trace-1' }, 'Http');
  const [[line] = []] = write.mock.calls;
  write.mockRestore();
  return String(line);
}

function shownBy(logger: PlatformConsoleLogger): string[] {
  const levels = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
  return levels.filter((level) => logger.isLevelEnabled(level));
}
