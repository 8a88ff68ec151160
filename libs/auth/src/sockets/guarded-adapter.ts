import { isAuthError } from '@nmp/tokens';
import { messageError } from '../carriers/message-error.js';
import { sessionOf } from '../carriers/ws.js';
import { type GatewayPlace, placeOf } from './gateway-place.js';
import { guardNamespace, isIoNamespace } from './io-namespace.js';
import { endRecovery, mainNamespaceOf } from './io-server.js';
import { IoRefusals } from './io-refusals.js';
import type { SocketDoor } from './socket-door.js';
import { guardWsServer, isWsServer } from './ws-server.js';

/** The message that brings another token, and the answer to it. */
const TOKEN_EVENT = 'auth:token';

const RECOVERY_IS_OFF =
  'connectionStateRecovery of socket.io is off: it hands out rooms and missed messages before a token is verified. ' +
  'Join rooms and send what was missed in handleConnection, where the caller is known';

/** The part of Nest's adapters for WebSockets that is looked at. */
export interface SocketAdapter {
  create(port: number, options?: ServerOptions): object;
  bindClientConnect(server: object, handler: ConnectionHandler): unknown;
  bindMessageHandlers(client: object, handlers: readonly MessageHandler[], transform: unknown): unknown;
}

interface ServerOptions {
  readonly path?: unknown;
  readonly namespace?: unknown;
}

type ConnectionHandler = (client: object, ...rest: unknown[]) => unknown;

interface MessageHandler {
  readonly message: unknown;
  readonly callback: (data: unknown, ack?: unknown) => unknown;
  readonly isAckHandledManually?: boolean;
}

/** Puts the door of an application before the servers of its adapter, whichever that is. */
export class AdapterGuard {
  private readonly guarded = new WeakMap<object, SocketAdapter>();
  private readonly places = new WeakMap<object, GatewayPlace>();
  private readonly renewable = new WeakSet<object>();
  private readonly refusals = new IoRefusals();
  private isRecoveryTold = false;

  /**
   * @param isPublic Whether anybody may connect to a place.
   * @param warn Tells the operator of what is not done as it was set up.
   */
  constructor(
    private readonly door: SocketDoor,
    private readonly isPublic: (place: GatewayPlace) => boolean,
    private readonly warn: (line: string) => void,
  ) {}

  /** The adapter as the application is to see it: the same one, each of whose servers has the door before it. */
  guard(adapter: SocketAdapter): SocketAdapter {
    const known = this.guarded.get(adapter);
    if (known !== undefined) return known;
    const own: SocketAdapter = {
      create: (port, options) => this.protect(adapter.create(port, options), placeOf(port, options)),
      bindClientConnect: (server, handler) => adapter.bindClientConnect(server, this.expectSession(server, handler)),
      bindMessageHandlers: (client, handlers, transform) =>
        adapter.bindMessageHandlers(client, this.withRenewal(client, handlers), transform),
    };
    const made = new Proxy(adapter, {
      get: (target, name) => {
        const member: unknown = Object.hasOwn(own, name)
          ? own[name as keyof SocketAdapter]
          : Reflect.get(target, name, target);
        return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
    this.guarded.set(adapter, made);
    return made;
  }

  private protect(server: object, place: GatewayPlace): object {
    const target = mainNamespaceOf(server) ?? server;
    const isKnown = this.places.has(target);
    this.places.set(target, place);
    if (endRecovery(server)) this.warnOfRecovery();
    if (isKnown) return server;
    if (isWsServer(server)) guardWsServer(server, this.door.of(place));
    else if (isIoNamespace(server)) guardNamespace(server, this.door.of(place), this.refusals);
    return server;
  }

  private warnOfRecovery(): void {
    if (this.isRecoveryTold) return;
    this.isRecoveryTold = true;
    this.warn(RECOVERY_IS_OFF);
  }

  /** A connection that has come past the door: by another kind of server. */
  private expectSession(server: object, handler: ConnectionHandler): ConnectionHandler {
    return (client, ...rest) => {
      const place = this.places.get(mainNamespaceOf(server) ?? server);
      const isExpected = sessionOf(client) !== undefined || (place !== undefined && this.isPublic(place));
      return isExpected ? handler(client, ...rest) : turnAway(client);
    };
  }

  /** Two gateways of one place have the same clients: one of them is enough to take the token. */
  private withRenewal(client: object, handlers: readonly MessageHandler[]): readonly MessageHandler[] {
    const session = sessionOf(client);
    if (session === undefined || this.renewable.has(client)) return handlers;
    this.renewable.add(client);
    const callback = async (data: unknown, ack?: unknown): Promise<object> => {
      const answer = await renewed(session.renew(tokenOf(data)));
      return typeof ack === 'function' ? answer : { event: TOKEN_EVENT, data: answer };
    };
    return [...handlers, { message: TOKEN_EVENT, callback, isAckHandledManually: false }];
  }
}

async function renewed(renewal: Promise<Date>): Promise<object> {
  try {
    return { status: 'ok', expiresAt: (await renewal).toISOString() };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return messageError(error, []);
  }
}

function tokenOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null ? (data as { token?: unknown }).token : undefined;
}

function turnAway(client: object): void {
  const { disconnect, terminate, close } = client as Partial<Record<string, () => unknown>>;
  (disconnect ?? terminate ?? close)?.call(client);
}
