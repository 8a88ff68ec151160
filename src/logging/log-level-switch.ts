import type { LogLevel } from '../config/log-level.js';

/** How much this process logs: what the configuration says, until somebody changes it. A restart forgets that. */
export class LogLevelSwitch {
  private current: LogLevel;
  private readonly listeners: ((level: LogLevel) => void)[] = [];

  constructor(private readonly configured: LogLevel) {
    this.current = configured;
  }

  get level(): LogLevel {
    return this.current;
  }

  /** Tells of every change from now on. */
  listen(listener: (level: LogLevel) => void): void {
    this.listeners.push(listener);
  }

  set(level: LogLevel): void {
    this.current = level;
    for (const listener of this.listeners) listener(level);
  }

  /** From `debug` to what is configured (`info` where that is `debug`), from anything else to `debug`. */
  toggle(): LogLevel {
    const quiet = this.configured === 'debug' ? 'info' : this.configured;
    this.set(this.current === 'debug' ? quiet : 'debug');
    return this.current;
  }
}
