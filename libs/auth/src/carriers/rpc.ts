import type { Call } from './call.js';
import type { HttpRequest } from './http.js';
import { openEnvelope } from './message-envelope.js';
import { headerStoreOf, type HeaderStore, storeOfRecord } from './message-headers.js';

/** Where a message came from. */
export interface Message {
  /** What the transport tells of it; one for each message. */
  readonly context: object;
  readonly transport: MessageTransport;
}

/** The transports of `@nestjs/microservices`. */
export type MessageTransport = 'tcp' | 'redis' | 'nats' | 'mqtt' | 'rabbitmq' | 'kafka' | 'grpc';

// By what only the context of this transport can tell. The packages of the transports need not be installed.
const transportByMethod: readonly (readonly [method: string, transport: MessageTransport])[] = [
  ['getSocketRef', 'tcp'],
  ['getHeaders', 'nats'],
  ['getPacket', 'mqtt'],
  ['getPartition', 'kafka'],
  ['getChannelRef', 'rabbitmq'],
  ['getChannel', 'redis'],
  ['getMap', 'grpc'],
];

// Of each class of contexts, what it was found to be: messages come by the thousand.
const transportByClass = new WeakMap<object, { readonly transport: MessageTransport | undefined }>();

/** The message behind the arguments of a handler; `undefined` when no known transport brought it. */
export function messageOf(args: readonly unknown[]): Message | undefined {
  const context = contextOf(args);
  if (context === undefined) return undefined;
  const transport = transportOf(context);
  return transport && { context, transport };
}

function transportOf(context: object): MessageTransport | undefined {
  const prototype = Object.getPrototypeOf(context) as object | null;
  if (prototype === null || prototype === Object.prototype) return transportByMethods(context); // of no class
  let known = transportByClass.get(prototype);
  if (known === undefined) transportByClass.set(prototype, (known = { transport: transportByMethods(prototype) }));
  return known.transport;
}

function transportByMethods(context: object): MessageTransport | undefined {
  const isThere = (method: string): boolean => typeof (context as Record<string, unknown>)[method] === 'function';
  return transportByMethod.find(([method]) => isThere(method))?.[1];
}

/** What was opened of a message. Each of its handlers gets arguments of its own, with the same envelope in them. */
interface OpenedMessage {
  readonly call: Call;
  readonly envelope?: { readonly sealed: unknown; readonly data: unknown };
}

// On the context itself: a WeakMap that gets an entry for each message is what the collector of garbage works on most.
const openedKey = Symbol.for('@nmp/auth:message');

interface Marked {
  [openedKey]?: OpenedMessage;
}

/** What the principal of a message is kept on; `undefined` when no known transport brought it. */
export function subjectOfMessage(args: readonly unknown[]): object | undefined {
  const context = contextOf(args);
  if (context === undefined) return undefined;
  return (context as Marked)[openedKey] === undefined && transportOf(context) === undefined ? undefined : context;
}

/** The credentials of a message. An envelope is taken off the handler's data, once. */
export function openMessage(args: unknown[]): Call | undefined {
  const context = contextOf(args);
  if (context === undefined) return undefined;
  const marked = context as Marked;
  let opened = marked[openedKey];
  if (opened === undefined) {
    const transport = transportOf(context);
    if (transport === undefined) return undefined;
    marked[openedKey] = opened = open({ context, transport }, args);
  }
  const { call, envelope } = opened;
  if (envelope && args[0] === envelope.sealed) args[0] = envelope.data;
  return call;
}

function open({ context, transport }: Message, args: readonly unknown[]): OpenedMessage {
  const store = headerStoreOf(context, transport);
  const socket = socketOf(args, context, transport);
  const envelope = hasNoHeaders(transport) ? openEnvelope(args[0]) : undefined;
  if (envelope === undefined) return { call: new MessageCall(context, [store], socket, false) };
  // Whoever wrote the data may have written the envelope: it is not the peer of the connection that says this.
  const call = new MessageCall(context, [store, storeOfRecord(envelope.headers)], socket, true);
  return { call, envelope: { sealed: args[0], data: envelope.data } };
}

/** A handler of pass-through streams of gRPC gets the call alone. */
function contextOf([data, context]: readonly unknown[]): object | undefined {
  if (isObject(context)) return context;
  const metadata = isObject(data) ? (data as { metadata?: unknown }).metadata : undefined;
  return isObject(metadata) ? metadata : undefined;
}

function hasNoHeaders(transport: MessageTransport): boolean {
  return transport === 'tcp' || transport === 'redis';
}

/** The connection to the sender, where a message comes straight from it; brokers stand between. */
function socketOf(args: readonly unknown[], context: object, transport: MessageTransport): HttpRequest['socket'] {
  if (transport === 'tcp') {
    return (context as { getSocketRef(): { socket?: HttpRequest['socket'] } }).getSocketRef().socket ?? {};
  }
  if (transport !== 'grpc') return {};
  const call = (args[2] ?? args[0]) as { getPeer?(): string } | undefined; // the call of grpc-js
  const peer = call?.getPeer?.();
  return peer === undefined ? {} : { remoteAddress: peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') };
}

class MessageCall implements Call {
  readonly request: HttpRequest;

  constructor(
    readonly subject: object,
    private readonly stores: readonly HeaderStore[],
    socket: HttpRequest['socket'],
    isAmongData: boolean,
  ) {
    const headers = { __proto__: null } as unknown as Record<string, string>; // a header may have any name
    const rawHeaders: string[] = [];
    for (const { headers: given } of stores) {
      for (const [name, value] of given) {
        rawHeaders.push(name, value);
        // Of a header that came twice the first is kept, as Node does; the carrier sees both in the list.
        headers[name.toLowerCase()] ??= value;
      }
    }
    this.request = { headers, rawHeaders, isMessage: true, socket, isAmongData };
  }

  dropHeader(name: string): void {
    for (const store of this.stores) store.remove(name);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
