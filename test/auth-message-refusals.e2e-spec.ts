import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { AccessDeniedError, AuthModule, Public } from '@nmp/auth';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';

const handled: string[] = [];

@Controller()
class RefusingController {
  @MessagePattern('guarded')
  guarded() {
    handled.push('guarded');
    return 'in';
  }

  @MessagePattern('denied')
  denied() {
    throw new AccessDeniedError('not yours');
  }

  @EventPattern('event')
  event(@Payload() data: string) {
    handled.push(data);
  }

  @Public()
  @MessagePattern('open')
  open() {
    return 'in';
  }
}

describe.each([{ inheritAppConfig: true }, { inheritAppConfig: false }])('refused messages, with %j', (hybrid) => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    handled.length = 0;
    jest.restoreAllMocks();
  });

  const start = async () => {
    const issuer = await startIssuer();
    const { app } = await startApp('express', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [RefusingController],
    });
    const sender = await connectTcp(app, hybrid);
    running.push(issuer, app, sender);
    return { issuer, sender };
  };

  it("answers a refusal with the body of HTTP's answers", async () => {
    const { sender } = await start();
    const { error } = (await sender.ask('guarded')) as { error: unknown };
    expect(error).toEqual({
      status: 'error',
      message: 'Unauthorized',
      statusCode: 401,
      error: 'Unauthorized',
      code: 'missing_token',
      detail: 'Unauthorized',
    });
    expect(await sender.askPlainly('guarded', {})).toEqual({ code: 'missing_token', error });
    expect(handled).toEqual([]);
  });

  it('drops a refused event, says so once in the log, and hands on a good one', async () => {
    const { sender, issuer } = await start();
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    for (const data of ['first', 'second']) await sender.emit('event', undefined, data);
    await sender.emit('event', await issuer.accessToken(), 'good');
    while (handled.length === 0) await sender.ask('open');
    expect(handled).toEqual(['good']);
    const told = warn.mock.calls
      .flat()
      .filter((line) => String(line).startsWith('An event was refused: missing_token'));
    expect(told).toHaveLength(1);
    expect(error).not.toHaveBeenCalled();
  });

  it('answers the errors that handlers throw in the same form', async () => {
    const { sender, issuer } = await start();
    const outcome = await sender.ask('denied', await issuer.accessToken());
    expect(outcome).toMatchObject({
      code: 'access_denied',
      error: { statusCode: 403, detail: 'Forbidden: not yours' },
    });
  });

  it('says when to ask again while the issuer cannot be reached', async () => {
    const { sender, issuer } = await start();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    issuer.fail('refuse');
    const outcome = await sender.ask('guarded', await issuer.accessToken());
    expect(outcome).toMatchObject({
      code: 'issuer_unavailable',
      error: { statusCode: 503, retryAfterSeconds: expect.any(Number) },
    });
    expect(handled).toEqual([]);
  });
});
