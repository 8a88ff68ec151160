import { ConsoleLogger } from '@nestjs/common';

/** What the framework says while it wires the application, of no use to an operator. */
const WIRING = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication']);

/** What reports a failed start; that is told once, by whoever started the service. */
const START_UP = new Set(['ExceptionHandler', 'NestApplication']);

/** Logs for people on a terminal, and one JSON object a line elsewhere. */
export class PlatformConsoleLogger extends ConsoleLogger {
  constructor() {
    super({ json: !process.stdout.isTTY });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!START_UP.has(String(rest.at(-1)))) super.error(message, ...rest);
  }
}
