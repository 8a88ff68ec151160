import { once } from 'node:events';
import { createServer } from 'node:net';
import { Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AuthConfigError, isAuthError, systemClock } from '@nmp/auth';
import { AppModule } from './app.module.js';
import { settingProblemOf } from './config/auth-options.js';
import { ConfigError } from './config/config-error.js';
import type { ExposureConfig } from './config/exposure-config.js';
import type { PlatformConfig } from './config/platform-config.js';
import { requireLoopbackForUnsignedTokens } from './config/unsigned-tokens.js';
import type { HttpLimits } from './http/http-limits.js';
import { HttpServerAdapter } from './http/http-server.adapter.js';
import { LogLevelSwitch } from './logging/log-level-switch.js';
import { MetricsServer } from './metrics/metrics-server.js';
import { serveOpenApi } from './openapi/openapi.document.js';
import { PlatformConsoleLogger } from './platform-console.logger.js';
import { StartUpError } from './start-up-error.js';

/**
 * Builds the service with its database open and its routes ready; it does not listen yet. `close()` it to let go of the
 * data directory.
 * @throws {StartUpError} when something it needs is wrong or missing
 */
export async function createPlatform(
  config: PlatformConfig,
  { logger, limits }: { logger?: LoggerService | false; limits?: Partial<HttpLimits> } = {},
): Promise<NestFastifyApplication> {
  requireLoopbackForUnsignedTokens(config);
  const app = await createApplication(config, logger, adapterFor(config, limits));
  openToOrigins(app, config.exposure);
  if (logger instanceof PlatformConsoleLogger) app.get(LogLevelSwitch).listen((level) => logger.setLevel(level));
  serveOpenApi(app, config);
  if (hasMessages(config)) {
    const { connectMessageServers } = await import('./messages/message-servers.factory.js');
    connectMessageServers(app, config.messaging);
  }
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** Finds out before anything is opened that the address cannot be had. @throws {StartUpError} saying so. */
export async function requireFreeAddress({ server: { host, port } }: PlatformConfig): Promise<void> {
  const probe = createServer();
  try {
    await once(probe.listen({ host, port, exclusive: true }), 'listening');
    probe.close();
  } catch (error) {
    throw cannotListen(host, port, error);
  }
}

/** Starts to listen where the configuration says. @throws {StartUpError} when the address cannot be had. */
export async function listen(app: NestFastifyApplication, config: PlatformConfig): Promise<string> {
  const { host, port } = config.server;
  if (hasMessages(config)) {
    const { answerMessages } = await import('./messages/message-servers.factory.js');
    await answerMessages(app);
  }
  try {
    await app.listen(port, host);
    // Both of 127.0.0.1 and ::1, for no two clients agree on which of them to try.
    if (host === 'localhost') await adapterOf(app).listenAtAll(host);
  } catch (error) {
    throw cannotListen(host, port, error);
  }
  await listenForMetrics(app, config);
  return app.getUrl();
}

async function listenForMetrics(app: NestFastifyApplication, { metrics }: PlatformConfig): Promise<void> {
  const { enabled, host, port } = metrics;
  if (!enabled || port === undefined) return;
  try {
    const url = await app.get(MetricsServer).listen(port, host);
    new Logger('Platform').log(`Metrics at ${url}`);
  } catch (error) {
    throw cannotListen(host, port, error, 'metrics.port');
  }
}

function adapterFor(config: PlatformConfig, limits: Partial<HttpLimits> | undefined): HttpServerAdapter {
  const { exposure, publicUrl, loadLimits } = config;
  const surroundings = { exposure, publicUrl, clock: systemClock };
  return new HttpServerAdapter({ ...loadLimits, ...limits }, surroundings);
}

/** Pages of other origins may read nothing unless they are named. Tokens travel in a header, never in a cookie. */
function openToOrigins(app: NestFastifyApplication, { corsOrigins }: ExposureConfig): void {
  if (corsOrigins.length === 0) return;
  app.enableCors({
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'DPoP', 'X-Request-Id'],
    exposedHeaders: ['WWW-Authenticate', 'DPoP-Nonce', 'Retry-After', 'X-Request-Id'],
    credentials: false,
    maxAge: 600,
  });
}

async function createApplication(
  config: PlatformConfig,
  logger: LoggerService | false | undefined,
  adapter: HttpServerAdapter,
) {
  // Loaded for those who have a use for it: the package is as large as the rest.
  const parts = hasMessages(config) ? [(await import('./messages/messages.module.js')).MessagesModule] : [];
  try {
    return await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config, parts), adapter, {
      abortOnError: false,
      ...(logger !== undefined && { logger }),
    });
  } catch (error) {
    throw isAuthError(error) && error.code === 'auth_config' ? settingsError(error as AuthConfigError, config) : error;
  }
}

function hasMessages({ messaging: { nats, grpc } }: PlatformConfig): boolean {
  return nats !== undefined || grpc !== undefined;
}

/** Says what is wrong in the words of the configuration, not of the library's options. */
function settingsError(error: AuthConfigError, { missingFile }: PlatformConfig): ConfigError {
  const hint =
    missingFile &&
    `there is no ${missingFile}: copy config/platform.example.yaml there, or name another file in NMP_CONFIG_FILE_PATH`;
  return new ConfigError(error.problems.map(settingProblemOf), { cause: error, hint });
}

function adapterOf(app: NestFastifyApplication): HttpServerAdapter {
  return app.getHttpAdapter() as unknown as HttpServerAdapter; // what createPlatform made
}

function cannotListen(host: string, port: number, error: unknown, setting = 'server.port'): StartUpError {
  return new StartUpError(`cannot listen on ${host} port ${port}: ${listenReason(error, setting)}`, { cause: error });
}

function listenReason(error: unknown, setting: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy = `set ${setting} or NMP_${setting.toUpperCase().replace('.', '_')}`;
  if (code === 'EADDRINUSE') return `the port is taken by another program (${remedy})`;
  if (code === 'EACCES') return `this user may not use that port (${remedy})`;
  return message;
}
