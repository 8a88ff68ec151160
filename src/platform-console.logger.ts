import { ConsoleLogger } from '@nestjs/common';

/** What the framework says while it wires the application, of no use to an operator. */
const WIRING = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver', 'NestApplication']);

/** Logs for people on a terminal, and one JSON object a line elsewhere. */
export class PlatformConsoleLogger extends ConsoleLogger {
  constructor() {
    super({ json: !process.stdout.isTTY });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!WIRING.has(String(rest.at(-1)))) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // A start that fails is told once, by whoever started the service.
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}
