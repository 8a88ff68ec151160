// @5stones/nest-oidc on the newest Nest it takes.
import 'reflect-metadata';
import { AuthModule, CurrentUser, JwtAuthGuard } from '@5stones/nest-oidc';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { nestAppStarter } from '../nest-app.mjs';
import { serve } from '../serve.mjs';

const adapters = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};
const startNestApp = nestAppStarter({ Controller, Get, Module, NestFactory, adapters });

await serve({
  open: ({ adapter }) => startNestApp(adapter),

  /** As its README shows it. It has no setting for audience or algorithms. */
  guarded: ({ adapter, issuer }) =>
    startNestApp(adapter, {
      imports: [AuthModule.forRoot({ oidcAuthority: issuer })],
      decorators: [UseGuards(JwtAuthGuard), (target, key) => CurrentUser()(target, key, 0)],
    }),
});
