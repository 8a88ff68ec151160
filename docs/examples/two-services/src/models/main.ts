import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ModelsModule } from './models.module.js';

const { env } = process;
const app = await NestFactory.create(
  ModelsModule.forRoot({ hopIssuer: env.HOP_ISSUER ?? 'http://localhost:8080/apis/auth' }),
);
await app.listen(env.PORT ?? 8092, '127.0.0.1');
