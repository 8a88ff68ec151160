import 'reflect-metadata';
import { deepStrictEqual } from 'node:assert';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Controller, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { AuthModule, AuthorizedClient, Principal, RequireScopes } from '@nmp/auth';
import { type AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { lastValueFrom } from 'rxjs';

interface Tcp {
  readonly transport: Transport.TCP;
  readonly options: { host: string; port: number };
}

/** How a microservice runs: what starts it. */
const ways: Record<string, (module: Type, tcp: Tcp) => Promise<INestApplicationContext>> = {
  'by itself': async (module, tcp) => {
    const app = await NestFactory.createMicroservice(module, { ...tcp, logger: false });
    await app.listen();
    return app;
  },
  'beside HTTP': (module, tcp) => hybrid(module, tcp, false),
  'beside HTTP, with its guards': (module, tcp) => hybrid(module, tcp, true),
};

async function hybrid(module: Type, tcp: Tcp, inheritAppConfig: boolean): Promise<INestApplicationContext> {
  const app = await NestFactory.create(module, { logger: false });
  app.connectMicroservice(tcp, { inheritAppConfig });
  await app.startAllMicroservices();
  return app.init();
}

async function answersOf(start: (module: Type, tcp: Tcp) => Promise<INestApplicationContext>): Promise<unknown> {
  const issuer = await TestIssuer.start();
  let handled = 0;

  @Controller()
  class ItemsController {
    @RequireScopes('items:read')
    @MessagePattern('items')
    list(@Principal('id') id: string) {
      handled += 1;
      return { owner: id };
    }
  }

  @Module({
    imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
    controllers: [ItemsController],
  })
  class ItemsModule {}

  const tcp: Tcp = { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } };
  const app = await start(ItemsModule, tcp);
  const client = ClientProxyFactory.create(tcp);
  const ask = (input: AccessTokenInput) =>
    outcome(new AuthorizedClient(client, () => issuer.accessToken({ subject: 'alice', ...input })).send('items', {}));
  try {
    return {
      none: await outcome(client.send('items', {})),
      expired: await ask({ expiresInSeconds: -600, scope: 'items:read' }),
      withoutScope: await ask({ scope: 'files:read' }),
      handledBefore: handled,
      good: await ask({ scope: 'items:read' }),
    };
  } finally {
    await client.close();
    await app.close();
    await issuer.close();
  }
}

function outcome(answer: Parameters<typeof lastValueFrom>[0]): Promise<unknown> {
  return lastValueFrom(answer).catch((error: { code?: string }) => error.code ?? error);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  server.close();
  await once(server, 'close');
  return port;
}

async function main(): Promise<void> {
  const expected = {
    none: 'missing_token',
    expired: 'token_expired',
    withoutScope: 'insufficient_scope',
    handledBefore: 0,
    good: { owner: 'alice' },
  };
  for (const [way, start] of Object.entries(ways)) deepStrictEqual(await answersOf(start), expected, way);
}

// A rejection ends the process with exit code 1 and the difference.
void main();
