import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, Query, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AuthModule,
  type AuthModuleOptions,
  AuthorizedClient,
  ForwardCaller,
  ForwardingError,
  type MessageClient,
  OptionalAuth,
} from '@nmp/auth';
import { lastValueFrom } from 'rxjs';

/** A service that people call, and that calls the one behind the broker. */
export interface FrontService {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a service that passes its callers on, in messages of this client with this pattern. */
export async function startFrontService(
  client: MessageClient,
  pattern: string,
  options: AuthModuleOptions,
): Promise<FrontService> {
  const models = AuthorizedClient.ofCaller(client);

  @UseInterceptors(ForwardCaller)
  @Controller()
  class FrontController {
    @Get('whoami')
    whoami(@Query('call') call: string) {
      return models.send(pattern, { call });
    }

    @OptionalAuth()
    @Get('anybody')
    async anybody(@Query('call') call: string) {
      try {
        return await lastValueFrom(models.send(pattern, { call }));
      } catch (error) {
        if (error instanceof ForwardingError) return { notSent: error.reason };
        throw error;
      }
    }
  }

  @Module({ imports: [AuthModule.forRoot(options)], controllers: [FrontController] })
  class FrontModule {}

  const app = await NestFactory.create(FrontModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo; // a TCP server that listens
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
