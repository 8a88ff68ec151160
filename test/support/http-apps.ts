import { once } from 'node:events';
import { connect } from 'node:net';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { watchedLogger } from './leaks/watched-output.js';

/** The HTTP adapters that every suite runs on. */
export const adapters = ['express', 'fastify'] as const;
export type AdapterName = (typeof adapters)[number];

/** What a test's application is made of. */
export interface AppParts {
  imports: (Type | DynamicModule)[];
  controllers?: Type[];
  providers?: Type[];
  /** Last changes before the module is compiled: overriding the clock, say. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** Last changes before the application listens: global filters and pipes. */
  configure?: (app: INestApplication) => void;
}

/** Starts an application on a free port and returns it with its URL. */
export async function startApp(
  adapter: AdapterName,
  { imports, controllers = [], providers = [], override, configure }: AppParts,
): Promise<{ app: INestApplication; url: string }> {
  const builder = Test.createTestingModule({ imports, controllers, providers });
  const module = await (override?.(builder) ?? builder).compile();
  const app =
    adapter === 'fastify'
      ? module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: watchedLogger })
      : module.createNestApplication(new ExpressAdapter(), { logger: watchedLogger });
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1') };
}

/** Sends bytes as they are, for what no HTTP client would send, and returns the status of the answer. */
export async function rawRequest(url: string, lines: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  const [answer] = (await once(socket.setEncoding('latin1'), 'data')) as [string];
  socket.destroy();
  return Number(answer.split(' ')[1]);
}
