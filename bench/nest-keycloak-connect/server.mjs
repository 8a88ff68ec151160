// nest-keycloak-connect on the newest Nest it takes.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { AuthenticatedUser, AuthGuard, KeycloakConnectModule, TokenValidation } from 'nest-keycloak-connect';
import { nestAppStarter } from '../nest-app.mjs';
import { serve } from '../serve.mjs';

const adapters = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};
const startNestApp = nestAppStarter({ Controller, Get, Module, NestFactory, adapters });

await serve({
  open: ({ adapter }) => startNestApp(adapter),

  /**
   * The module and the guard of its README, with signatures verified here instead of a question to Keycloak for each
   * request. Its guards for resources and roles are left out: they would only take more time.
   */
  guarded({ adapter, authServerUrl, realm, clientId }) {
    const tokenValidation = TokenValidation.OFFLINE;
    const options = { authServerUrl, realm, clientId, secret: 'not-used-offline', tokenValidation };
    return startNestApp(adapter, {
      imports: [KeycloakConnectModule.register(options)],
      providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
      decorators: [(target, key) => AuthenticatedUser()(target, key, 0)],
    });
  },
});
