import { describe, expect, it } from '@jest/globals';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import {
  ClientKafka,
  ClientMqtt,
  ClientNats,
  ClientRedis,
  ClientRMQ,
  ClientTCP,
  MqttRecordBuilder,
  NatsRecordBuilder,
  RmqRecordBuilder,
} from '@nestjs/microservices';
import { EMPTY } from 'rxjs';
import type { MessageClient } from './authorized-client.js';
import { sealMessage } from './message.record.js';

const ours = { authorization: 'Bearer a' };
const taken = { reason: 'already_authorized' };

/** The client makes headers with a library that it loads when it connects. */
class UnconnectedNats extends ClientNats {
  override async connect(): Promise<never> {
    return undefined as never; // nothing to be connected to is needed
  }

  override mergeHeaders(): MsgHdrs {
    const made = natsHeaders();
    const options: { headers?: Record<string, string> } = this.options; // whichever it is called with
    for (const [name, value] of Object.entries(options.headers ?? {})) made.set(name, value);
    return made;
  }
}

describe('sealMessage', () => {
  it('puts an envelope around the data of TCP and Redis, whatever they are', async () => {
    const data = { 'nmp:headers': { authorization: 'of its own' } };
    for (const client of [new ClientTCP({}), new ClientRedis({})]) {
      expect(await sealMessage(client, ours, data)).toEqual({ 'nmp:headers': ours, 'nmp:data': data });
      expect(await sealMessage(client, {}, data)).toEqual({ 'nmp:headers': {}, 'nmp:data': data });
    }
  });

  it('adds headers to those of a NATS record, and leaves the record as it is', async () => {
    const client = new UnconnectedNats({});
    const own = natsHeaders();
    own.append('trace', '1');
    own.append('trace', '2');
    const record = new NatsRecordBuilder({ a: 1 }).setHeaders(own).build();
    const sealed = (await sealMessage(client, ours, record)) as { data: unknown; headers: MsgHdrs };
    expect(sealed.data).toEqual({ a: 1 });
    expect([...sealed.headers]).toEqual([
      ['authorization', ['Bearer a']],
      ['trace', ['1', '2']],
    ]);
    expect([...own.keys()]).toEqual(['trace']);
    expect(await sealMessage(client, ours, 'text')).toMatchObject({ data: 'text' });
    own.append('Authorization', 'Bearer of its own');
    await expect(sealMessage(client, ours, record)).rejects.toMatchObject(taken);
    const headers = { Authorization: 'of the client' };
    await expect(sealMessage(new UnconnectedNats({ headers }), ours, 'text')).rejects.toMatchObject(taken);
  });

  it('adds user properties to an MQTT 5 record', async () => {
    const client = new ClientMqtt({ protocolVersion: 5 });
    const properties = { contentType: 'text/plain', userProperties: { trace: '1' } };
    const record = new MqttRecordBuilder('text').setQoS(1).setProperties(properties).build();
    expect(await sealMessage(client, ours, record)).toEqual({
      data: 'text',
      options: { qos: 1, properties: { contentType: 'text/plain', userProperties: { trace: '1', ...ours } } },
    });
    const bare = { data: 0, options: { properties: { userProperties: ours } } };
    expect(await sealMessage(client, ours, 0)).toEqual(bare);
    await expect(sealMessage(client, ours, withProperties({ AUTHORIZATION: 'b' }))).rejects.toMatchObject(taken);
    await expect(sealMessage(new ClientMqtt({}), ours, 0)).rejects.toThrow('protocolVersion: 5');
  });

  it('adds headers to those of a RabbitMQ record', async () => {
    const client = new ClientRMQ({});
    const record = new RmqRecordBuilder('text').setOptions({ priority: 3, headers: { trace: '1' } }).build();
    expect(await sealMessage(client, ours, record)).toEqual({
      data: 'text',
      options: { priority: 3, headers: { trace: '1', ...ours } },
    });
    expect(record.options?.headers).toEqual({ trace: '1' });
    const other = new RmqRecordBuilder('text').setOptions({ headers: { Authorization: 'b' } }).build();
    await expect(sealMessage(client, ours, other)).rejects.toMatchObject(taken);
    await expect(sealMessage(new ClientRMQ({ headers: { authorization: 'b' } }), ours, 0)).rejects.toMatchObject(taken);
  });

  it('adds headers to those of a Kafka message', async () => {
    const client = new ClientKafka({});
    const message = { key: 'k', value: { a: 1 }, headers: { trace: Buffer.from('1') } };
    expect(await sealMessage(client, ours, message)).toEqual({ ...message, headers: { ...message.headers, ...ours } });
    expect(await sealMessage(client, ours, { a: 1 })).toEqual({ value: { a: 1 }, headers: ours });
    expect(await sealMessage(client, ours, 'text')).toEqual({ value: 'text', headers: ours });
    const other = { value: 1, headers: { Authorization: 'b' } };
    await expect(sealMessage(client, ours, other)).rejects.toMatchObject(taken);
  });

  it('sends nothing with a client that it does not know', async () => {
    const own: MessageClient = {
      connect: () => Promise.resolve(),
      close: () => {},
      send: () => EMPTY,
      emit: () => EMPTY,
    };
    await expect(sealMessage(own, ours, 1)).rejects.toMatchObject({ reason: 'unknown_client' });
  });
});

function withProperties(userProperties: Record<string, string>) {
  return new MqttRecordBuilder('text').setProperties({ userProperties }).build();
}
