import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Logger, Module, Scope, type Type } from '@nestjs/common';
import { LazyModuleLoader, NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, MessagePattern, Payload, Server } from '@nestjs/microservices';
import { AuthModule, Principal, Public } from '@nmp/auth';
import { isObservable, lastValueFrom } from 'rxjs';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp, senderTo, tcpOptions } from './support/message-apps.js';

const handled: string[] = [];

@Controller()
class PlainController {
  @MessagePattern('plain')
  plain(@Payload() _data: unknown, @Principal('id') id: string) {
    handled.push('plain');
    return id;
  }

  @Public()
  @MessagePattern('open')
  open(@Payload() _data: unknown) {
    return 'in';
  }
}

@Controller()
class InheritingController extends PlainController {
  @MessagePattern('own')
  own(@Payload() _data: unknown, @Principal('id') id: string) {
    return id;
  }
}

@Controller()
class BoundController {
  constructor() {
    this.bound = this.bound.bind(this);
  }

  @MessagePattern('bound')
  bound() {
    handled.push('bound');
    return 'in';
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerMessage {
  readonly name = 'of this message';
}

@Controller()
class ScopedController {
  constructor(private readonly perMessage: PerMessage) {}

  @MessagePattern('per-message')
  perMessageAnswer(@Payload() data: unknown, @Principal('id') id: string) {
    handled.push('per-message');
    return { data, id, name: this.perMessage.name };
  }
}

@Controller()
class LazyController {
  @MessagePattern('lazy')
  lazy(@Payload() _data: unknown, @Principal('id') id: string) {
    handled.push('lazy');
    return id;
  }
}

@Module({ controllers: [LazyController] })
class LazyModule {}

/** A transport of somebody's own: what its handlers get beside the data tells nothing. */
class OwnTransport extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }

  close(): void {}
  on(): void {}
  unwrap(): never {
    throw new Error('There is nothing to unwrap');
  }

  async ask(pattern: string, ...args: unknown[]): Promise<unknown> {
    const answer: unknown = await this.getHandlerByPattern(pattern)?.(args[0], args[1]);
    return isObservable(answer) ? lastValueFrom(answer).catch((error: unknown) => error) : answer;
  }
}

describe('handlers of messages', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    handled.length = 0;
    jest.restoreAllMocks();
  });

  const issuerAndModule = async () => {
    const issuer = await startIssuer();
    running.push(issuer);
    return { issuer, guarded: AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } }) };
  };

  const startWith = async (
    controllers: Type[],
    hybrid: { inheritAppConfig?: boolean } = {},
    providers: Type[] = [],
  ) => {
    const { issuer, guarded } = await issuerAndModule();
    const { app } = await startApp('express', { imports: [guarded], controllers, providers });
    running.push(app);
    const sender = await connectTcp(app, hybrid);
    running.push(sender);
    return { issuer, sender };
  };

  it('N08: are guarded where a class inherits them, and where a constructor has bound them', async () => {
    const { sender, issuer } = await startWith([InheritingController, BoundController]);
    const token = await issuer.accessToken({ subject: 'alice' });
    for (const pattern of ['plain', 'own', 'bound']) {
      expect([pattern, await sender.ask(pattern)]).toEqual([
        pattern,
        expect.objectContaining({ code: 'missing_token' }),
      ]);
    }
    expect(handled).toEqual([]);
    expect(await sender.ask('open')).toEqual({ value: 'in' });
    expect(await sender.ask('plain', token)).toEqual({ value: 'alice' });
    expect(await sender.ask('own', token)).toEqual({ value: 'alice' });
    expect(await sender.ask('bound', token)).toEqual({ value: 'in' });
  });

  it.each([{ inheritAppConfig: false }, { inheritAppConfig: true }])(
    'are guarded where a controller is made for each message, with %j',
    async (hybrid) => {
      const { sender, issuer } = await startWith([ScopedController], hybrid, [PerMessage]);
      expect(await sender.ask('per-message')).toMatchObject({ code: 'missing_token' });
      expect(handled).toEqual([]);
      const value = { data: { a: 1 }, id: 'alice', name: 'of this message' };
      const token = await issuer.accessToken({ subject: 'alice' });
      expect(await sender.ask('per-message', token, { a: 1 })).toEqual({ value });
    },
  );

  it('are guarded in modules that are loaded lazily', async () => {
    const { issuer, guarded } = await issuerAndModule();
    const { app } = await startApp('express', { imports: [guarded] });
    running.push(app);
    await app.get(LazyModuleLoader).load(() => LazyModule);
    const sender = await connectTcp(app);
    running.push(sender);
    expect(await sender.ask('lazy')).toMatchObject({ code: 'missing_token' });
    expect(handled).toEqual([]);
    expect(await sender.ask('lazy', await issuer.accessToken({ subject: 'alice' }))).toEqual({ value: 'alice' });
  });

  it('are guarded in a microservice without HTTP', async () => {
    const { issuer, guarded } = await issuerAndModule();
    @Module({ imports: [guarded], controllers: [PlainController] })
    class MessagesModule {}
    const app = await NestFactory.createMicroservice(MessagesModule, { ...tcpOptions(), logger: false });
    await app.listen();
    const sender = senderTo(app);
    running.push(app, sender);
    expect(await sender.ask('plain')).toMatchObject({ code: 'missing_token' });
    expect(await sender.ask('open')).toEqual({ value: 'in' });
    expect(handled).toEqual([]);
    expect(await sender.ask('plain', await issuer.accessToken({ subject: 'alice' }))).toEqual({ value: 'alice' });
  });

  it('of two applications in one process take the tokens of their own issuer alone', async () => {
    const first = await startWith([PlainController]);
    const second = await startWith([PlainController]);
    const [ofFirst, ofSecond] = await Promise.all([
      first.issuer.accessToken({ subject: 'alice' }),
      second.issuer.accessToken({ subject: 'bob' }),
    ]);
    expect(await first.sender.ask('plain', ofFirst)).toEqual({ value: 'alice' });
    expect(await second.sender.ask('plain', ofSecond)).toEqual({ value: 'bob' });
    expect(await first.sender.ask('plain', ofSecond)).toMatchObject({ code: 'token_issuer' });
    expect(await second.sender.ask('plain', ofFirst)).toMatchObject({ code: 'token_issuer' });
    expect(handled).toHaveLength(2);
  });

  it('stay closed in an application that shares their class and has no AuthModule', async () => {
    await startWith([PlainController]);
    const { app } = await startApp('express', { imports: [], controllers: [PlainController] });
    running.push(app);
    const sender = await connectTcp(app);
    running.push(sender);
    expect(await sender.ask('plain', 'a')).toMatchObject({ error: { message: 'Forbidden resource' } });
    expect(await sender.ask('open')).toEqual({ value: 'in' });
    expect(handled).toEqual([]);
  });

  it.each([{ enabled: true }, { enabled: false }])(
    'N04: of a transport nobody knows are closed unless authentication is off, with %j',
    async (auth) => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const { issuer } = await issuerAndModule();
      const guarded = AuthModule.forRoot({ ...auth, oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } });
      const strategy = new OwnTransport();
      const { app } = await startApp('express', { imports: [guarded], controllers: [PlainController] });
      app.connectMicroservice({ strategy });
      await app.startAllMicroservices();
      running.push(app);
      const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
      const given = [undefined, 'text', {}, { headers }, { getHeaders: () => headers }, { getMetadata: () => headers }];
      for (const context of given) {
        const answer = await strategy.ask('plain', { headers, user: { id: 'alice' } }, context);
        if (auth.enabled)
          expect(answer).toMatchObject({ message: expect.stringMatching(/^Forbidden resource|Unauthorized$/) });
        expect(await strategy.ask('open', {}, context)).toBe('in');
      }
      expect(handled).toHaveLength(auth.enabled ? 0 : given.length);
    },
  );
});
