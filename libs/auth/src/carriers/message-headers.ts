import type { MessageHeaders } from './message-envelope.js';
import type { MessageTransport } from './rpc.js';

/** The headers of a message where its handler, too, would find them. */
export interface HeaderStore {
  readonly headers: MessageHeaders;
  remove(name: string): void;
}

/** What each transport's context has of headers, or of what serves as such. */
export interface MessageContext {
  /** TCP and Redis of Nest 12: what the client's dispatch hook attached. */
  getMetadata?(): unknown;
  /** NATS. */
  getHeaders?(): unknown;
  /** MQTT. */
  getPacket?(): { properties?: { userProperties?: unknown } };
  /** RabbitMQ: `properties.headers`. Kafka: `headers`. */
  getMessage?(): { properties?: { headers?: unknown }; headers?: unknown };
  /** gRPC: the first value of each key. */
  getMap?(): Record<string, unknown>;
  /** gRPC: all values of a key. */
  get?(name: string): unknown[];
  remove?(name: string): void;
}

const stores: Readonly<Record<MessageTransport, (context: MessageContext) => HeaderStore>> = {
  tcp: (context) => storeOfRecord(context.getMetadata?.()),
  redis: (context) => storeOfRecord(context.getMetadata?.()),
  nats: (context) => storeOfNats(context.getHeaders?.()),
  mqtt: (context) => storeOfRecord(context.getPacket?.().properties?.userProperties),
  rabbitmq: (context) => storeOfRecord(context.getMessage?.().properties?.headers),
  kafka: (context) => storeOfRecord(context.getMessage?.().headers),
  grpc: (context) => storeOfMetadata(context),
};

/** Finds the headers of a message in its transport's context. */
export function headerStoreOf(context: MessageContext, transport: MessageTransport): HeaderStore {
  return stores[transport](context);
}

/** The headers of a plain object; values that are no text are left out, those of a list count one by one. */
export function storeOfRecord(record: unknown): HeaderStore {
  return typeof record === 'object' && record !== null ? new RecordStore(record as HeaderRecord) : emptyStore;
}

type HeaderRecord = Record<string, unknown>;

class RecordStore implements HeaderStore {
  readonly headers: MessageHeaders;

  constructor(private readonly record: HeaderRecord) {
    this.headers = headersOfRecord(record);
  }

  remove(name: string): void {
    delete this.record[name];
  }
}

const emptyStore: HeaderStore = { headers: [], remove: () => {} };

interface NatsHeaders {
  keys(): string[];
  values(name: string): string[];
  delete(name: string): void;
}

function storeOfNats(given: unknown): HeaderStore {
  if (!isNatsHeaders(given)) return emptyStore;
  return {
    headers: given.keys().flatMap((name) => given.values(name).map((value) => [name, value] as const)),
    remove: (name) => given.delete(name),
  };
}

/** Maps, lists and the headers of fetch have members of these names, too, but give no list of keys. */
function isNatsHeaders(given: unknown): given is NatsHeaders {
  const headers = (given ?? {}) as Partial<NatsHeaders>; // anything may be asked for a member
  return typeof headers.values === 'function' && typeof headers.keys === 'function' && Array.isArray(headers.keys());
}

function storeOfMetadata(metadata: MessageContext): HeaderStore {
  const names = Object.keys(metadata.getMap?.() ?? {});
  return {
    headers: headersOfRecord(Object.fromEntries(names.map((name) => [name, metadata.get?.(name)]))),
    remove: (name) => metadata.remove?.(name),
  };
}

function headersOfRecord(record: HeaderRecord): MessageHeaders {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(record)) {
    if (Array.isArray(value)) {
      for (const one of value.flat() as unknown[]) add(headers, name, one);
    } else {
      add(headers, name, value);
    }
  }
  return headers;
}

function add(headers: [string, string][], name: string, value: unknown): void {
  const text = textOf(value);
  if (text !== undefined) headers.push([name, text]);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
}
