import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import { type LogLevel, logLevels } from './config/log-level.js';

/** What the framework says while it wires the application, of no use to an operator. */
const WIRING = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication']);

/** What reports a failed start; that is told once, by whoever started the service. */
const START_UP = new Set(['ExceptionHandler', 'NestApplication']);

const nestLevels = { error: 'error', warn: 'warn', info: 'log', debug: 'debug' } as const satisfies Record<
  LogLevel,
  NestLogLevel
>;

/** Logs for people on a terminal, and one JSON object a line elsewhere. */
export class PlatformConsoleLogger extends ConsoleLogger {
  constructor() {
    super({ json: !process.stdout.isTTY, flattenParams: true });
    this.setLevel('info');
  }

  /** Logs what is as important as that, and what is more important. */
  setLevel(level: LogLevel): void {
    const shown = logLevels.slice(0, logLevels.indexOf(level) + 1);
    this.setLogLevels(['fatal', ...shown.map((name) => nestLevels[name])]);
  }

  /** The level by the name that it has in the settings. */
  protected override getJsonLogObject(
    ...given: Parameters<ConsoleLogger['getJsonLogObject']>
  ): ReturnType<ConsoleLogger['getJsonLogObject']> {
    const line = super.getJsonLogObject(...given);
    const level: string = line.level === 'log' ? 'info' : line.level;
    return { ...line, level: level as NestLogLevel }; // only written: the framework has no such name
  }

  /** What is beside the text is for programs. */
  protected override stringifyParams(): string {
    return '';
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!START_UP.has(String(rest.at(-1)))) super.error(message, ...rest);
  }
}
