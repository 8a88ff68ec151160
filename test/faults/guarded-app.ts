import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuthModule, type AuthModuleOptions, Clock, Principal, Public } from '@nmp/auth';

/** A service as somebody writes it with the library. */
@Controller()
class ModelsController {
  @Get('models')
  models(@Principal('id') id: string): { caller: string } {
    return { caller: id };
  }

  @Public()
  @Get('open')
  open(): { ok: boolean } {
    return { ok: true };
  }
}

/** Starts the service on a free port of this machine, by a clock that can be set. */
export async function startGuardedApp(
  options: AuthModuleOptions,
  clock: Clock,
): Promise<{ url: string; close(): Promise<void> }> {
  @Module({ imports: [AuthModule.forRoot(options)], controllers: [ModelsController] })
  class ModelsModule {}

  const module = await Test.createTestingModule({ imports: [ModelsModule] })
    .overrideProvider(Clock)
    .useValue(clock)
    .setLogger({ log: () => undefined, warn: () => undefined, error: () => undefined })
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), close: () => app.close() };
}
