import { methodsOf } from '../http/class-methods.js';
import { declaredRules, type RouteAccess, routeRules } from '../http/route-rules.js';

// What Nest's decorators write on gateways. The package does not export the names.
const gatewayKey = 'websockets:is_gateway';
const optionsKey = 'websockets:gateway_options';
const portKey = 'port';
const handlerKey = 'websockets:message_mapping';

/** Where gateways are reached: those of one place share their connections. */
export interface GatewayPlace {
  readonly port: number;
  readonly path: unknown;
  /** A text, or what socket.io finds namespaces by. */
  readonly namespace: unknown;
}

/** The part of a gateway's options that says where it is. */
interface PlaceOptions {
  readonly path?: unknown;
  readonly namespace?: unknown;
}

/** The place that a server with these options of a gateway is made for. */
export function placeOf(port: number, { path, namespace }: PlaceOptions = {}): GatewayPlace {
  return { port, path, namespace: typeof namespace === 'object' ? namespace : withSlash(namespace) };
}

/** The gateways at a place. */
export function gatewaysAt(place: GatewayPlace, classes: readonly object[]): object[] {
  return classes.filter((type) => {
    if (!Reflect.hasMetadata(gatewayKey, type)) return false;
    const options = (Reflect.getMetadata(optionsKey, type) ?? {}) as PlaceOptions; // what the decorator was given
    const { port, path, namespace } = placeOf(Number(Reflect.getMetadata(portKey, type) ?? 0), options);
    return port === place.port && path === place.path && namespace === place.namespace;
  });
}

/**
 * Who may connect to gateways: everybody, unread, where all handlers are public; everybody, with or without a token, where
 * some handler is for them; else only who has a token.
 */
export function accessTo(gateways: readonly object[]): RouteAccess {
  const accesses = gateways.flatMap(accessesOf);
  if (accesses.length > 0 && accesses.every((access) => access === 'public')) return 'public';
  return accesses.some((access) => access !== 'required') ? 'optional' : 'required';
}

/**
 * What stands for the connection to a gateway where something is declared of it, by decorators on `handleConnection`, or on
 * the class where there is no handler that they could be meant for; `undefined` where nothing is.
 */
export function connectionHandler(gateway: object): object | undefined {
  const hook = hookOf(gateway);
  const isDeclared = hook !== undefined && Object.keys(declaredRules(hook)).length > 0;
  return isDeclared || handlersOf(gateway).length === 0 ? (hook ?? gateway) : undefined;
}

function accessesOf(gateway: object): RouteAccess[] {
  const connection = connectionHandler(gateway);
  const all = [...(connection ? [connection] : []), ...handlersOf(gateway)];
  return all.map((handler) => routeRules.get(handler, gateway).access);
}

function handlersOf(gateway: object): object[] {
  return methodsOf(gateway).filter((method) => Reflect.hasMetadata(handlerKey, method));
}

function hookOf(gateway: object): object | undefined {
  return methodsOf(gateway).find((method) => (method as { name?: unknown }).name === 'handleConnection');
}

function withSlash(namespace: unknown): unknown {
  if (namespace === undefined || namespace === '') return '/';
  return typeof namespace === 'string' && !namespace.startsWith('/') ? `/${namespace}` : namespace;
}
