import { describe, expect, it } from '@jest/globals';
import { Metadata } from '@grpc/grpc-js';
import { headers as natsHeaders } from '@nats-io/transport-node';
import {
  BaseRpcContext,
  KafkaContext,
  MqttContext,
  NatsContext,
  RedisContext,
  RmqContext,
  TcpContext,
} from '@nestjs/microservices';
import { messageOf, openMessage } from './rpc.js';

const record = (): Record<string, unknown> => ({ Authorization: 'Bearer a', 'X-NMP-Principal-Id': 'alice', other: 1 });

function nats(): NatsContext {
  const headers = natsHeaders();
  headers.append('Authorization', 'Bearer a');
  headers.append('X-NMP-Principal-Id', 'alice');
  return new NatsContext(['subject', headers]);
}

function metadata(): Metadata {
  const headers = new Metadata();
  headers.add('authorization', 'Bearer a');
  headers.add('x-nmp-principal-id', 'alice');
  return headers;
}

const buffers = { authorization: Buffer.from('Bearer a'), 'x-nmp-principal-id': [Buffer.from('alice')] };
const contexts: readonly (readonly [string, object, (context: never) => unknown])[] = [
  ['tcp', new TcpContext([{ socket: {} }, 'p', record()] as never), (context: TcpContext) => context.getMetadata()],
  ['redis', new RedisContext(['c', record()] as never), (context: RedisContext) => context.getArgByIndex(1)],
  ['nats', nats(), (context: NatsContext) => context.getHeaders().keys()],
  [
    'mqtt',
    new MqttContext(['t', { properties: { userProperties: record() } }]),
    (context: MqttContext) => (context.getPacket() as { properties: object }).properties,
  ],
  [
    'rabbitmq',
    new RmqContext([{ properties: { headers: record() } }, {}, 'p']),
    (context: RmqContext) => (context.getMessage() as { properties: object }).properties,
  ],
  [
    'kafka',
    new KafkaContext([{ headers: buffers }, 0, 't', {}, () => {}, {}] as never),
    (context: KafkaContext) => context.getMessage().headers,
  ],
  ['grpc', metadata(), (context: Metadata) => context.getMap()],
];

describe('openMessage', () => {
  it.each(contexts)(
    'finds the headers of %s, in any case, and removes them for the handler, too',
    (transport, context, seen) => {
      const args = ['data', context];
      const call = openMessage(args);
      expect(messageOf(args)).toEqual({ context, transport });
      expect(call?.subject).toBe(context);
      expect(call?.request.headers).toEqual({ authorization: 'Bearer a', 'x-nmp-principal-id': 'alice' });
      expect(JSON.stringify(seen(context as never)).toLowerCase()).toContain('x-nmp-principal-id');
      for (const name of call?.request.rawHeaders ?? []) call?.dropHeader(name);
      expect(JSON.stringify(seen(context as never)).toLowerCase()).not.toContain('x-nmp-principal-id');
      expect(openMessage(args)).toBe(call);
    },
  );

  it.each(['tcp', 'redis'])(
    'takes an envelope off the data of %s, once for the arguments of each handler',
    (transport) => {
      const context = transport === 'tcp' ? new TcpContext([{}, 'p', undefined] as never) : new RedisContext(['c']);
      const inner = { 'nmp:headers': { authorization: 'Bearer inner' }, 'nmp:data': 1 };
      const sealed = { 'nmp:headers': { authorization: 'Bearer a', other: ['b', 2, null] }, 'nmp:data': inner };
      const [first, second] = [
        [sealed, context],
        [sealed, context],
      ];
      for (const args of [first, first, second]) {
        expect(openMessage(args as unknown[])?.request.headers).toEqual({ authorization: 'Bearer a', other: 'b' });
      }
      expect([first?.[0], second?.[0]]).toEqual([inner, inner]);
    },
  );

  it('takes none off where the transport has headers', () => {
    const sealed = { 'nmp:headers': { authorization: 'Bearer a' }, 'nmp:data': 1 };
    for (const [, context] of contexts.slice(2)) {
      const args = [sealed, context];
      openMessage(args);
      expect(args[0]).toBe(sealed);
    }
  });

  it('keeps both of two authorization headers, for them to be refused', () => {
    const context = new TcpContext([{}, 'p', { authorization: 'Bearer a' }] as never);
    const call = openMessage([{ 'nmp:headers': { Authorization: 'Bearer b' }, 'nmp:data': 1 }, context]);
    expect(call?.request.rawHeaders).toEqual(['authorization', 'Bearer a', 'Authorization', 'Bearer b']);
  });

  it.each([
    [[]],
    [[undefined, undefined]],
    [['data']],
    [[{ metadata: { authorization: 'x' } }]],
    [[{}, new BaseRpcContext([])]],
  ])('N04: knows no message in %j', (args) => {
    expect(openMessage(args)).toBeUndefined();
  });

  it.each([undefined, null, 'text', [], {}, { keys: 1 }, new Map(), new Headers()])(
    'takes %j of a strange transport for no headers',
    (headers) => {
      expect(openMessage(['data', { getHeaders: () => headers }])?.request.headers).toEqual({});
    },
  );
});
