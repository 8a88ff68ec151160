import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { EventPattern, KafkaContext, MessagePattern, RpcException, TcpContext } from '@nestjs/microservices';
import { InvalidTokenError, IssuerUnavailableError, MissingTokenError } from '@nmp/tokens';
import { firstValueFrom } from 'rxjs';
import { isEvent, RefusedEvent, rpcAnswer, rpcException } from './rpc.exception.js';

class Handlers {
  @MessagePattern('request')
  request(): void {}

  @EventPattern(['event'])
  event(): void {}
}

const reply = { kafka_correlationId: '1', kafka_replyTopic: 'request.reply' };

function contextOf(handler: 'request' | 'event', context: object) {
  return {
    getType: () => 'rpc',
    getArgs: () => ['data', context],
    getHandler: () => Handlers.prototype[handler],
    getClass: () => Handlers,
  };
}

const kafka = (headers: object): KafkaContext => new KafkaContext([{ headers }, 0, 't', {}, () => {}, {}] as never);

describe('rpcException', () => {
  const expired = new InvalidTokenError('expired');

  it("carries the body of HTTP's answers, and the error itself for filters", async () => {
    const exception = (await rpcException(expired, contextOf('request', new TcpContext([] as never)))) as RpcException;
    expect(exception).toBeInstanceOf(RpcException);
    expect(exception.getError()).toMatchObject({ status: 'error', statusCode: 401, code: 'token_expired' });
    expect(exception.cause).toBe(expired);
  });

  it.each([
    ['event', {}],
    ['event', reply], // what a sender writes does not make an event a request
    ['request', {}], // Kafka's server takes what asks for no reply for an event
  ] as const)('drops a refused %s of Kafka with %j, for the consumer to go on', async (handler, headers) => {
    const exception = await rpcException(expired, contextOf(handler, kafka(headers)));
    expect(exception).toBeInstanceOf(RefusedEvent);
    expect(await firstValueFrom(rpcAnswer(exception, ['data', kafka(headers)]))).toBeUndefined();
  });

  it('fails what Kafka may deliver again, and an event of other transports, without a line of Nest in the log', async () => {
    const args = ['data', kafka({})];
    const later = await rpcException(new IssuerUnavailableError('down', 5), contextOf('event', kafka({})));
    const elsewhere = await rpcException(expired, contextOf('event', new TcpContext([] as never)));
    for (const exception of [later, elsewhere]) expect(exception).toBeInstanceOf(RefusedEvent);
    await expect(firstValueFrom(rpcAnswer(later, args))).rejects.toMatchObject({
      statusCode: 503,
      retryAfterSeconds: 5,
    });
    await expect(firstValueFrom(rpcAnswer(elsewhere, args))).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('leaves a request to be answered by whichever filter is there', async () => {
    const exception = await rpcException(new MissingTokenError(), contextOf('request', kafka(reply)));
    expect(exception).not.toBeInstanceOf(RefusedEvent);
  });

  it('is answered by a filter as an error of the handler', async () => {
    const args = ['data', new TcpContext([] as never)];
    await expect(firstValueFrom(rpcAnswer(expired, args))).rejects.toMatchObject({ code: 'token_expired' });
  });
});

describe('isEvent', () => {
  it('tells by the decorator of the handler', () => {
    const context = new TcpContext([] as never);
    expect([isEvent(contextOf('event', context)), isEvent(contextOf('request', context))]).toEqual([true, false]);
    expect(isEvent({ getType: () => 'rpc', getArgs: () => [] })).toBe(false);
  });
});
