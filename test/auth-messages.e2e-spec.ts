import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { LazyModuleLoader, NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { AuthModule, OptionalAuth, Public, RequireScopes } from '@nmp/auth';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { lastValueFrom, timeout } from 'rxjs';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

const reached: string[] = [];

@Controller()
class MessagesController {
  @MessagePattern('guarded')
  guarded() {
    reached.push('guarded');
    return 'in';
  }

  @OptionalAuth()
  @MessagePattern('optional')
  optional() {
    reached.push('optional');
    return 'in';
  }

  @RequireScopes('a:read')
  @MessagePattern('scoped')
  scoped() {
    reached.push('scoped');
    return 'in';
  }

  @EventPattern('event')
  event(_data: unknown) {
    reached.push('event');
  }

  @Public()
  @MessagePattern('open')
  open() {
    return 'in';
  }

  @Get('http')
  @MessagePattern('both')
  both() {
    return { ok: true };
  }
}

@Controller()
class BoundController {
  constructor() {
    this.bound = this.bound.bind(this);
  }

  @MessagePattern('bound')
  bound() {
    reached.push('bound');
    return 'in';
  }
}

@Controller()
class LazyController {
  @MessagePattern('lazy')
  lazy() {
    reached.push('lazy');
    return 'in';
  }
}

@Module({ controllers: [LazyController] })
class LazyModule {}

@Module({
  imports: [
    AuthModule.forRoot({
      oidc: { issuer: 'https://idp.example.com', clientId: 'nmp-cli', jwksUri: 'http://127.0.0.1:9' },
    }),
  ],
  controllers: [MessagesController],
})
class MessagesModule {}

describe('message handlers', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    reached.length = 0;
    jest.restoreAllMocks();
  });

  const transport = async (): Promise<MicroserviceOptions> => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo; // a TCP server that listens
    probe.close();
    await once(probe, 'close');
    return { transport: Transport.TCP, options: { host: '127.0.0.1', port } };
  };

  const clientOf = (options: MicroserviceOptions) => {
    const client = ClientProxyFactory.create(options as { transport: Transport.TCP });
    running.push(client);
    return async (pattern: string): Promise<unknown> => {
      const answer = lastValueFrom(client.send(pattern, {}).pipe(timeout(20_000)));
      return answer.then(
        (value: unknown) => ({ value }),
        (error: { message?: string }) => ({ refused: error.message }),
      );
    };
  };

  const refused = { refused: expect.stringMatching(/forbidden/i) };
  const expectClosed = async (ask: (pattern: string) => Promise<unknown>): Promise<void> => {
    for (const pattern of ['guarded', 'optional', 'scoped', 'both'])
      expect([pattern, await ask(pattern)]).toEqual([pattern, refused]);
    expect(await ask('open')).toEqual({ value: 'in' });
    expect(reached).toEqual([]);
  };

  describe.each(adapters)('of a hybrid application on %s', (adapter) => {
    it.each([{ inheritAppConfig: false }, { inheritAppConfig: true }])(
      'are closed with %j, and its routes work',
      async (hybrid) => {
        const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
        const issuer = await startIssuer();
        const options = await transport();
        const { app, url } = await startApp(adapter, {
          imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
          controllers: [MessagesController],
          configure: (built) => void built.connectMicroservice(options, hybrid),
        });
        await app.startAllMicroservices();
        running.push(app, issuer);
        const ask = clientOf(options);
        await expectClosed(ask);
        const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
        expect((await fetch(`${url}/http`, { headers })).status).toBe(200);
        expect((await fetch(`${url}/http`)).status).toBe(401);
        expect(errors).not.toHaveBeenCalled();
      },
    );
  });

  it('are closed where a constructor has bound them, and in modules that are loaded lazily', async () => {
    const options = await transport();
    const { app } = await startApp('express', { imports: [MessagesModule], controllers: [BoundController] });
    await app.get(LazyModuleLoader).load(() => LazyModule);
    app.connectMicroservice(options);
    await app.startAllMicroservices();
    running.push(app);
    const ask = clientOf(options);
    for (const pattern of ['bound', 'lazy']) expect([pattern, await ask(pattern)]).toEqual([pattern, refused]);
    expect(reached).toEqual([]);
  });

  it('of a microservice alone are closed as well', async () => {
    const options = await transport();
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(MessagesModule, {
      ...options,
      logger: false,
    });
    await app.listen();
    running.push(app);
    await expectClosed(clientOf(options));
  });
});
