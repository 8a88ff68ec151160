import { describe, expect, it, jest } from '@jest/globals';
import { anonymousPrincipal, InvalidTokenError } from '@nmp/tokens';
import { attachSession } from '../carriers/ws.js';
import { AdapterGuard } from './guarded-adapter.js';
import type { SocketDoor } from './socket-door.js';

const door = { of: () => ({}) } as unknown as SocketDoor; // these servers have no place for one

/** An adapter of another make, with a private part, and with servers that have neither upgrades nor middlewares. */
class OtherAdapter {
  #connect: ((client: object) => unknown) | undefined;
  forceCloseConnections = false;
  handlers: { message: unknown; callback: (data: unknown, ack?: unknown) => unknown }[] = [];

  create(): object {
    return {};
  }
  bindClientConnect(_server: object, handler: (client: object) => unknown): void {
    this.#connect = handler;
  }
  bindMessageHandlers(_client: object, handlers: OtherAdapter['handlers']): void {
    this.handlers = handlers;
  }
  connect(client: object): void {
    this.#connect?.(client);
  }
}

function start(isPublic: boolean) {
  const adapter = new OtherAdapter();
  const guarded = new AdapterGuard(
    door,
    () => isPublic,
    () => {},
  ).guard(adapter);
  const handler = jest.fn();
  guarded.bindClientConnect(guarded.create(0), handler);
  return { adapter, guarded, handler };
}

const session = { principal: anonymousPrincipal, identify: () => anonymousPrincipal };

describe('AdapterGuard', () => {
  it.each(['disconnect', 'terminate', 'close'])('N04: ends by %s a connection that came past the door', (method) => {
    const { adapter, handler } = start(false);
    const client = { [method]: jest.fn() };
    adapter.connect(client);
    expect([handler.mock.calls.length, client[method]?.mock.calls.length]).toEqual([0, 1]);
  });

  it('lets it pass where everybody may, and where it has a session', () => {
    const open = start(true);
    open.adapter.connect({});
    expect(open.handler).toHaveBeenCalledTimes(1);
    const closed = start(false);
    const client = {};
    attachSession(client, { ...session, renew: () => Promise.reject(new Error('not asked')) });
    closed.adapter.connect(client);
    expect(closed.handler).toHaveBeenCalledTimes(1);
  });

  it('is the adapter to whoever looks, and the same one each time', () => {
    const { adapter, guarded } = start(true);
    expect(guarded).toBeInstanceOf(OtherAdapter);
    (guarded as unknown as OtherAdapter).forceCloseConnections = true;
    expect(adapter.forceCloseConnections).toBe(true);
    const guard = new AdapterGuard(
      door,
      () => true,
      () => {},
    );
    expect(guard.guard(adapter)).toBe(guard.guard(adapter));
  });

  it('puts one door before a server of socket.io and its main namespace, which are one place', () => {
    const main = { use: jest.fn(), on: jest.fn() };
    const server = { use: main.use, on: main.on, sockets: main };
    const create = jest.fn<() => object>().mockReturnValueOnce(server).mockReturnValue(main);
    const guard = new AdapterGuard(
      door,
      () => false,
      () => {},
    );
    const guarded = guard.guard(Object.assign(new OtherAdapter(), { create }));
    guarded.create(0);
    guarded.create(0, { namespace: '/' });
    expect(main.use).toHaveBeenCalledTimes(1);
  });

  it('takes another token once for a client, and answers as it was asked', async () => {
    const { adapter, guarded } = start(true);
    const client = {};
    const renew = jest
      .fn<(token: unknown) => Promise<Date>>()
      .mockResolvedValueOnce(new Date(0))
      .mockRejectedValueOnce(new InvalidTokenError('audience'));
    attachSession(client, { ...session, renew });
    const own = { message: 'own', callback: () => undefined };
    guarded.bindMessageHandlers(client, [own], undefined);
    expect(adapter.handlers.map(({ message }) => message)).toEqual(['own', 'auth:token']);
    const callback = adapter.handlers[1]?.callback;
    guarded.bindMessageHandlers(client, [own], undefined);
    expect(adapter.handlers.map(({ message }) => message)).toEqual(['own']);

    const ok = { status: 'ok', expiresAt: '1970-01-01T00:00:00.000Z' };
    expect(await callback?.({ token: 't' }, 'auth:token')).toEqual({ event: 'auth:token', data: ok });
    expect(await callback?.({ token: 'u' }, () => {})).toMatchObject({ status: 'error', code: 'token_audience' });
    expect(renew.mock.calls).toEqual([['t'], ['u']]);
  });
});
