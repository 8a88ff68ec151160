import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthModule, Principal, Public } from '@nmp/auth';

const adapters = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

class ItemsController {
  open() {
    return { items: [] };
  }

  guarded(principal) {
    return { owner: principal.email, items: [] };
  }
}

// The decorators are applied by hand: this file runs as it is, without a compiler.
decorate('open', [Public(), Get('open')]);
decorate('guarded', [Get('guarded')]);
Principal()(ItemsController.prototype, 'guarded', 0);
Controller()(ItemsController);

/**
 * Starts an application with one open and one guarded route.
 *
 * @param {keyof typeof adapters} adapter
 * @param {string} issuer
 * @param {false | undefined} cache `false` verifies every request's token anew
 * @returns {Promise<string>} its URL
 */
export async function startItemsApp(adapter, issuer, cache) {
  const auth = AuthModule.forRoot({ cache, oidc: { issuer, clientId: 'nmp-cli', audience: 'nmp-platform' } });
  class ItemsModule {}
  Module({ imports: [auth], controllers: [ItemsController] })(ItemsModule);
  const app = await NestFactory.create(ItemsModule, adapters[adapter](), { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

function decorate(method, decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(ItemsController.prototype, method);
  for (const decorator of decorators.toReversed()) decorator(ItemsController.prototype, method, descriptor);
}
