import type { MqttRecord, NatsRecord } from '@nestjs/microservices';
import { sealEnvelope } from '../carriers/message-envelope.js';
import type { MessageClient } from './authorized-client.js';
import type { CallerHeaders } from './current-caller.js';
import { ForwardingError } from './forwarding-error.js';

/**
 * Puts headers on the data of a message, in the way of its client's transport. Data that is a record of that transport
 * keeps its other headers and options.
 * @throws {ForwardingError} when the message, or its client, has one of the headers already.
 */
export async function sealMessage(client: MessageClient, headers: CallerHeaders, data: unknown): Promise<unknown> {
  const nest = await import('@nestjs/microservices');
  if (client instanceof nest.ClientTCP || client instanceof nest.ClientRedis) return sealEnvelope(headers, data);
  if (client instanceof nest.ClientNats) {
    await client.connect(); // loads the library that makes the headers
    const record = data instanceof nest.NatsRecord ? (data as NatsRecord<unknown, NatsHeaders>) : undefined;
    return new nest.NatsRecord(record ? record.data : data, natsHeaders(client, headers, record?.headers));
  }
  if (client instanceof nest.ClientMqtt) {
    const record = data instanceof nest.MqttRecord ? data : new nest.MqttRecord(data);
    return new nest.MqttRecord(record.data, mqttOptions(client, headers, record.options));
  }
  if (client instanceof nest.ClientRMQ) {
    const record = data instanceof nest.RmqRecord ? data : new nest.RmqRecord(data);
    const all = joined(headers, record.options?.headers, optionsOf(client).headers);
    return new nest.RmqRecord(record.data, { ...record.options, headers: all });
  }
  if (client instanceof nest.ClientKafka) {
    const message: KafkaMessage = isKafkaMessage(data) ? data : { value: data };
    return { ...message, headers: joined(headers, message.headers) };
  }
  const hint =
    client instanceof nest.ClientGrpcProxy
      ? ': give it grpcCredentials() among the interceptors of its channelOptions'
      : '';
  throw new ForwardingError('unknown_client', `No way is known to send headers with this client${hint}`);
}

/** What a client was made with: Nest keeps it from everybody but subclasses. */
interface ClientOptions {
  readonly headers?: unknown;
  readonly userProperties?: unknown;
  readonly protocolVersion?: number;
}

function optionsOf(client: object): ClientOptions {
  return (client as { options?: ClientOptions }).options ?? {};
}

interface NatsHeaders {
  keys(): string[];
  values(name: string): string[];
  append(name: string, value: string): void;
}

/** The headers of NATS are of a class of its library's, whichever that is: the client makes them, as it does from its options. */
function natsHeaders(client: object, headers: CallerHeaders, own: NatsHeaders | undefined): NatsHeaders {
  const names = own?.keys() ?? [];
  joined(headers, Object.fromEntries(names.map((name) => [name, ''])), optionsOf(client).headers);
  const { mergeHeaders } = client as unknown as { mergeHeaders(this: object, given: undefined): NatsHeaders };
  const all = mergeHeaders.call({ options: { headers } }, undefined);
  for (const name of names) for (const value of own?.values(name) ?? []) all.append(name, value);
  return all;
}

function mqttOptions(client: object, headers: CallerHeaders, own: MqttRecord['options']): MqttRecord['options'] {
  const { protocolVersion, userProperties: ofClient } = optionsOf(client);
  if (protocolVersion !== 5) {
    throw new ForwardingError('unknown_client', 'Headers need MQTT 5: give the client protocolVersion: 5');
  }
  const userProperties = joined(headers, own?.properties?.userProperties, ofClient);
  return { ...own, properties: { ...own?.properties, userProperties } };
}

interface KafkaMessage {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers?: Record<string, unknown>;
}

/** What Nest's client takes for a message with key and headers, instead of data. */
function isKafkaMessage(data: unknown): data is KafkaMessage {
  return typeof data === 'object' && data !== null && ('key' in data || 'value' in data);
}

/** The headers of a message and ours: none is overwritten. Those of the client, which it adds itself, are only looked at. */
function joined(ours: CallerHeaders, own: unknown, ofClient?: unknown): Record<string, never> {
  const mine = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  const others = { ...(own as object | undefined), ...(ofClient as object | undefined) };
  const taken = Object.keys(others).find((name) => mine.has(name.toLowerCase()));
  if (taken !== undefined) {
    throw new ForwardingError(
      'already_authorized',
      `The message has a header ${taken} of its own, and would get another`,
    );
  }
  return { ...(own as object | undefined), ...ours } as Record<string, never>; // each transport has its own type of values
}
