import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuthModule, Clock } from '@nmp/auth';
import { HandlerCalls, StageController } from './stage.controller.js';

/** Starts an application that speaks HTTP/2 without TLS. */
export async function startHttp2App(clock: Clock, issuer: string): Promise<{ app: INestApplication; url: string }> {
  const module = await Test.createTestingModule({
    imports: [AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } })],
    controllers: [StageController],
    providers: [HandlerCalls],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const adapter = new FastifyAdapter({ http2: true });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
