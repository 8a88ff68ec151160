import { isIoNamespace } from './io-namespace.js';

/** What is used of a server of socket.io. */
interface IoServer {
  readonly opts?: RecoveryOptions;
  adapter?(): unknown;
  adapter?(made: unknown): unknown;
}

interface RecoveryOptions {
  connectionStateRecovery?: unknown;
}

/** The namespace `/` where a server of socket.io is given, which stands for it. */
export function mainNamespaceOf(server: object): object | undefined {
  const { sockets } = server as { sockets?: unknown };
  return typeof sockets === 'object' && sockets !== null && isIoNamespace(sockets) ? sockets : undefined;
}

/**
 * Has a server of socket.io restore no connections. It joins whoever names one to its rooms and sends what was missed as
 * soon as there is a socket: before any middleware could ask who it is.
 * @param server A server, or a namespace of one.
 * @returns whether it was set up to restore them.
 */
export function endRecovery(server: object): boolean {
  const { server: owner = server } = server as { server?: object };
  const io = owner as IoServer;
  if (!io.opts?.connectionStateRecovery) return false;
  io.opts.connectionStateRecovery = false; // not deleted: adapters of later namespaces read a member of it
  useAdapterWithoutMemory(io);
  return true;
}

/** The adapter that the option has set keeps every message for those who come back; the one that it extends keeps none. */
function useAdapterWithoutMemory(io: IoServer): void {
  const adapter = io.adapter?.();
  if (typeof adapter === 'function' && adapter.name === 'SessionAwareAdapter')
    io.adapter?.(Object.getPrototypeOf(adapter));
}
