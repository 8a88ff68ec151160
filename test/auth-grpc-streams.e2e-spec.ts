import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamMethod } from '@nestjs/microservices';
import { AccessDeniedError, AuthModule, Clock } from '@nmp/auth';
import { concat, of, ReplaySubject, Subject, throwError } from 'rxjs';
import { bearer, grpcOptions, type Model, modelsClient } from './support/grpc-apps.js';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

const opened = new Subject<void>();
const models = new ReplaySubject<Model>();

@Controller()
class StreamsController {
  @GrpcMethod('Models')
  list() {
    opened.next();
    return models;
  }

  @GrpcStreamMethod('Models')
  rename() {
    return concat(
      of({ name: 'a' }),
      throwError(() => new AccessDeniedError('no more for you')),
    );
  }
}

describe('a gRPC stream', () => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  const start = async () => {
    const clock = new SetClock();
    const [issuer, options] = await Promise.all([startIssuer({ clock }), grpcOptions()]);
    running.push(issuer);
    const { app } = await startApp('express', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [StreamsController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
      configure: (built) => void built.connectMicroservice(options),
    });
    await app.startAllMicroservices();
    const client = modelsClient(options);
    running.push(app, client);
    return { clock, client, token: await issuer.accessToken({ expiresInSeconds: 60 }) };
  };

  it('goes on when the token expires that it began with, and no other begins', async () => {
    const { clock, client, token } = await start();
    const beginning = new Promise<void>((resolve) => opened.subscribe(resolve));
    const stream = client.call('list', bearer(token));
    await beginning;
    models.next({ name: 'before' });
    clock.advance(600);
    models.next({ name: 'after' });
    expect(await client.call('list', bearer(token))).toMatchObject({ code: 'token_expired', status: 16 });
    models.complete();
    expect(await stream).toEqual({ models: [{ name: 'before' }, { name: 'after' }] });
  });

  it('ends with the status of an error that its handler throws later', async () => {
    const { client, token } = await start();
    expect(await client.call('rename', bearer(token))).toEqual({
      code: 'access_denied',
      status: 7,
      details: 'Forbidden: no more for you',
    });
  });
});
