// The microservice under load; see serve.mjs.
import 'reflect-metadata';
import { Controller, createParamDecorator, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { AuthModule, Principal, RequireScopes } from '@nmp/auth';
import { serve } from './serve.mjs';

const transports = {
  tcp: (port) => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }),
  nats: (port) => ({ transport: Transport.NATS, options: { servers: [`nats://127.0.0.1:${port}`] } }),
};

await serve({
  /** No guard at all. */
  open: (given) => start(given, {}),

  /** What Nest itself takes for a guard and a decorated parameter that do nothing. */
  empty: (given) => {
    const parameter = createParamDecorator(() => undefined);
    return start(given, {
      decorators: [UseGuards({ canActivate: () => true }), (target, key) => parameter()(target, key, 1)],
    });
  },

  /** The module as it is: guard, scopes, principal. */
  guarded: ({ issuer, ...given }) => {
    const oidc = { issuer, clientId: 'nmp-cli', audience: 'nmp-platform' };
    const decorators = [RequireScopes('items:read'), (target, key) => Principal()(target, key, 1)];
    return start(given, { imports: [AuthModule.forRoot({ oidc })], decorators });
  },
});

async function start({ transport, port, pattern }, { imports = [], decorators = [] }) {
  class ItemsController {
    list(_query, caller) {
      return { owner: caller?.email, items: [] };
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(ItemsController.prototype, 'list');
  const all = [...decorators, (target, key) => Payload()(target, key, 0), MessagePattern(pattern)];
  for (const decorator of all) decorator(ItemsController.prototype, 'list', descriptor);
  Controller()(ItemsController);

  class ItemsModule {}
  Module({ imports, controllers: [ItemsController] })(ItemsModule);
  const options = { ...transports[transport](port), logger: ['error'] };
  await (await NestFactory.createMicroservice(ItemsModule, options)).listen();
  return `${transport}://127.0.0.1:${port}`;
}
