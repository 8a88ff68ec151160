import { describe, expect, it } from '@jest/globals';
import type { LogLevel } from '../config/log-level.js';
import { LogLevelSwitch } from './log-level-switch.js';

describe('LogLevelSwitch', () => {
  it.each<[LogLevel, LogLevel, LogLevel]>([
    ['info', 'debug', 'info'],
    ['warn', 'debug', 'warn'],
    ['debug', 'info', 'debug'],
  ])('goes from %s to %s, and to %s again', (configured, first, second) => {
    const levels = new LogLevelSwitch(configured);
    const heard: LogLevel[] = [];
    levels.listen((level) => heard.push(level));

    expect([levels.toggle(), levels.toggle()]).toEqual([first, second]);
    expect(heard).toEqual([first, second]);
  });

  it('comes back from a level that was chosen', () => {
    const levels = new LogLevelSwitch('info');
    levels.set('error');
    expect(levels.level).toBe('error');
    expect([levels.toggle(), levels.toggle()]).toEqual(['debug', 'info']);
  });
});
