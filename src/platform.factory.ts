import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AuthConfigError, isAuthError } from '@nmp/auth';
import { AppModule } from './app.module.js';
import { settingProblemOf } from './config/auth-options.js';
import { ConfigError } from './config/config-error.js';
import type { PlatformConfig } from './config/platform-config.js';
import { requireLoopbackForUnsignedTokens } from './config/unsigned-tokens.js';
import type { HttpLimits } from './http/http-limits.js';
import { HttpServerAdapter } from './http/http-server.adapter.js';
import { serveOpenApi } from './openapi/openapi.document.js';
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
  const app = await createApplication(config, logger, new HttpServerAdapter(limits));
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
    return await app.getUrl();
  } catch (error) {
    throw cannotListen(host, port, error);
  }
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

function cannotListen(host: string, port: number, error: unknown): StartUpError {
  return new StartUpError(`cannot listen on ${host} port ${port}: ${listenReason(error)}`, { cause: error });
}

function listenReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'the port is taken by another program (set server.port or NMP_SERVER_PORT)';
  if (code === 'EACCES') return 'this user may not use that port (set server.port or NMP_SERVER_PORT)';
  return message;
}
