import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, GrpcMethod, GrpcStreamMethod, MessagePattern, Payload } from '@nestjs/microservices';
import { AuthModule, AuthorizedClient, grpcCredentials, type MessageClient, Principal } from '@nmp/auth';
import { lastValueFrom, map, type Observable } from 'rxjs';
import { bearer, grpcOptions, type Model, modelsClient } from './support/grpc-apps.js';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';

const handled: unknown[] = [];

@Controller()
class AnsweringController {
  @MessagePattern('who')
  who(@Payload() data: unknown, @Principal('id') id: string) {
    return { id, data };
  }

  @EventPattern(['told'])
  told(@Payload() data: unknown, @Principal('id') id: string) {
    handled.push({ id, data });
  }

  @GrpcMethod('Models')
  get(@Payload() { name }: Model, @Principal('id') owner: string): Model {
    return { name, owner };
  }

  @GrpcStreamMethod('Models')
  rename(@Payload() models: Observable<Model>, @Principal('id') owner: string): Observable<Model> {
    return models.pipe(map(({ name }) => ({ name: `${name}!`, owner })));
  }
}

describe('a client with tokens of its own', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    handled.length = 0;
  });

  const start = async () => {
    const [issuer, options] = await Promise.all([startIssuer(), grpcOptions()]);
    running.push(issuer);
    const { app } = await startApp('express', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [AnsweringController],
      configure: (built) => void built.connectMicroservice(options),
    });
    const sender = await connectTcp(app);
    running.push(app, sender);
    return { issuer, options, sender };
  };

  it('sends one with each request, which it asks for each time, and each event', async () => {
    const { issuer, sender } = await start();
    const subjects = ['first', 'second', 'third'];
    const client = new AuthorizedClient(sender.client, async () =>
      issuer.accessToken({ subject: subjects.shift() ?? '' }),
    );
    const asked = client.send('who', { a: 1 });
    expect(await lastValueFrom(asked)).toEqual({ id: 'first', data: { a: 1 } });
    expect(await lastValueFrom(asked)).toEqual({ id: 'second', data: { a: 1 } });
    client.emit('told', 'news'); // nobody subscribes
    while (handled.length === 0) await sender.ask('who');
    expect(handled).toEqual([{ id: 'third', data: 'news' }]);
  });

  it('hands back the refusal as it came', async () => {
    const { issuer, sender } = await start();
    const client = new AuthorizedClient(sender.client, () => issuer.accessToken({ expiresInSeconds: -3600 }));
    await expect(lastValueFrom(client.send('who', {}))).rejects.toMatchObject({
      code: 'token_expired',
      statusCode: 401,
    });
  });

  it('sends nothing without a token, and without data, as the client itself', async () => {
    const { sender } = await start();
    const told = (token: () => string, data: unknown): Promise<unknown> =>
      lastValueFrom(new AuthorizedClient(sender.client, token).send('who', data));
    for (const token of ['', 'Bearer a', 'a b', 'a\r\nb']) {
      await expect(told(() => token, {})).rejects.toMatchObject({ reason: 'no_token' });
    }
    await expect(told(() => 'Bearer a', {})).rejects.toThrow('gave a token with its scheme: it gives the token alone');
    await expect(told(() => '', {})).rejects.toThrow('gave no token');
    const failing = (): never => {
      throw new Error('the source is dry');
    };
    await expect(told(failing, {})).rejects.toThrow('the source is dry');
    for (const data of [null, undefined]) await expect(told(() => 'a', data)).rejects.toThrow('The invalid data');
  });

  it('connects and closes the client', async () => {
    const called: string[] = [];
    const client: Partial<MessageClient> = {
      connect: () => Promise.resolve(called.push('connect')),
      close: () => called.push('close'),
    };
    const authorized = new AuthorizedClient(client as MessageClient, () => 'a');
    await authorized.connect();
    authorized.close();
    expect(called).toEqual(['connect', 'close']);
  });

  it('sends one with each call of gRPC, streams as well', async () => {
    const { issuer, options } = await start();
    const subjects = ['first', 'second'];
    const token = async (): Promise<string> => issuer.accessToken({ subject: subjects.shift() ?? '' });
    const models = modelsClient(options, [grpcCredentials(token)]);
    running.push(models);
    expect(await models.call('get')).toEqual({ models: [{ name: 'a', owner: 'first' }] });
    expect(await models.call('rename')).toEqual({
      models: [
        { name: 'a!', owner: 'second' },
        { name: 'b!', owner: 'second' },
      ],
    });
  });

  it('makes no call of gRPC without a token, or with another beside it', async () => {
    const { options } = await start();
    const models = modelsClient(options, [grpcCredentials(() => Promise.reject(new Error('the source is dry')))]);
    const other = modelsClient(options, [grpcCredentials(() => 'a')]);
    running.push(models, other);
    for (const method of ['get', 'rename'] as const) {
      expect(await models.call(method)).toMatchObject({ status: 16, details: 'the source is dry' });
      expect(await other.call(method, bearer('b'))).toMatchObject({
        status: 16,
        details: expect.stringContaining('authorization of its own'),
      });
    }
    expect(handled).toEqual([]);
  });
});
