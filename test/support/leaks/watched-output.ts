import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** What the environment of tests looks for, and where. */
interface LeakWatch {
  output(source: string, text: string): void;
  secret(kind: string, value: string): void;
}

/** Has the environment look for secrets in something that was written, such as a file. */
export function watchOutput(source: string, text: string): void {
  leakWatch()?.output(source, text);
}

/** A logger that prints nothing, and has everything looked at. */
export const watchedLogger: LoggerService = {
  log: note,
  warn: note,
  error: note,
  debug: note,
  verbose: note,
  fatal: note,
};

function note(...line: unknown[]): void {
  const words = line.map((part) => (typeof part === 'string' ? part : inspect(part, { depth: 4 })));
  watchOutput('the log', `${words.join(' ')}\n`);
}

function leakWatch(): LeakWatch | undefined {
  const { [Symbol.for('nmp.leak-watch')]: watch } = globalThis as unknown as Record<symbol, LeakWatch | undefined>; // put there by the environment
  return watch;
}
