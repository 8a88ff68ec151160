import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { GatewayModule } from './gateway.module.js';

const { env } = process;
const app = await NestFactory.create(
  GatewayModule.forRoot({
    issuer: env.ISSUER ?? 'http://localhost:8081',
    audience: env.AUDIENCE ?? 'nmp-platform',
    platformUrl: env.PLATFORM_URL ?? 'http://localhost:8080',
    modelsUrl: env.MODELS_URL ?? 'http://localhost:8092',
  }),
);
await app.listen(env.PORT ?? 8091, '127.0.0.1');
