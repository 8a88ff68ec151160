import 'reflect-metadata';
import { loadConfig } from './config/load-config.js';
import { unknownVariables } from './config/unknown-variables.js';
import { LogLevelSwitch } from './logging/log-level-switch.js';
import { PlatformConsoleLogger } from './platform-console.logger.js';
import { StartUpError } from './start-up-error.js';
import { stopSignal } from './stop-signal.js';

const logger = new PlatformConsoleLogger();
const stopped = stopSignal(process);

try {
  const config = loadConfig(process.env);
  logger.setLevel(config.log.level);
  for (const line of unknownVariables(process.env)) logger.warn(line, 'Platform');
  // It takes a second to load, for which nobody has to wait whose settings are wrong.
  const { createPlatform, listen, requireFreeAddress } = await import('./platform.factory.js');
  await requireFreeAddress(config);
  const app = await createPlatform(config, { logger });
  const levels = app.get(LogLevelSwitch);
  process.on('SIGUSR2', () => logger.log(`SIGUSR2: the log level is ${levels.toggle()} now`, 'Platform'));
  try {
    logger.log(`Listening on ${await listen(app, config)}`, 'Platform');
    logger.log(`${await stopped}: finishing the requests under way`, 'Platform');
  } finally {
    await app.close();
  }
  logger.log('Stopped', 'Platform');
} catch (error) {
  process.stderr.write(`nmp-platform: ${startUpLine(error)}\n`);
  // Whatever was opened before the start failed is not waited for.
  process.exit(1);
}

/** What an operator can act on is one line; a defect keeps its stack. */
function startUpLine(error: unknown): string {
  if (error instanceof StartUpError) return error.message.replaceAll(/\s*\n\s*/g, ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
