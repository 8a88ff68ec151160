import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { anonymousPrincipal, InvalidTokenError } from '@nmp/tokens';
import type { PlaceDoor } from './socket-door.js';
import type { SocketLine } from './socket-session.js';
import { guardWsServer, type WsServer } from './ws-server.js';

const OPEN = 1;

class FakeClient extends EventEmitter {
  readyState = OPEN;
  bufferedAmount = 0;
  readonly send = jest.fn();
  readonly close = jest.fn();
  readonly terminate = jest.fn();
}

function start(done: () => void = () => {}) {
  const client = new FakeClient();
  const lines: SocketLine[] = [];
  const refusals: unknown[] = [];
  const door: PlaceDoor = {
    admit: (request) => Promise.resolve({ principal: anonymousPrincipal, request }),
    open: (_client, line) => void lines.push(line),
    answerOf: (error) => {
      refusals.push(error);
      return { status: 500, headers: {}, body: {} };
    },
  };
  const server: WsServer = { handleUpgrade: (_request, _socket, _head, accept) => accept(client) };
  guardWsServer(server, door);
  const socket = new PassThrough();
  const request = { headers: {}, rawHeaders: [] } as unknown as IncomingMessage; // all that is looked at
  server.handleUpgrade(request, socket, Buffer.alloc(0), done);
  return { client, lines, refusals, socket, line: () => lines[0] };
}

describe('guardWsServer', () => {
  it('begins a session before the server tells of the connection', async () => {
    const order: unknown[] = [];
    const { lines } = start(() => order.push(lines.length));
    await setImmediate();
    expect(order).toEqual([1]);
  });

  it('drops a connection whose server failed, and writes no answer into it', async () => {
    const failure = new Error('a listener failed');
    const { socket, refusals } = start(() => {
      throw failure;
    });
    await setImmediate();
    expect([refusals, socket.destroyed, socket.read()]).toEqual([[failure], true, null]);
  });

  it('sends what Nest 11 tells the client object alone', async () => {
    const { client } = start();
    await setImmediate();
    client.emit('exception', { code: 'token_expired' });
    expect(client.send.mock.calls).toEqual([['{"event":"exception","data":{"code":"token_expired"}}']]);
  });

  it('does not write without end to who does not read', async () => {
    const { client, line } = start();
    await setImmediate();
    client.bufferedAmount = 2_000_000;
    line()?.send('auth:renew', {});
    expect([client.send.mock.calls.length, client.terminate.mock.calls.length]).toEqual([0, 1]);
  });

  it('writes nothing to a connection that is closing, and says by its code why it ends', async () => {
    const { client, line } = start();
    await setImmediate();
    line()?.end(new InvalidTokenError('revoked'));
    client.readyState = 2;
    line()?.send('auth:renew', {});
    expect([client.close.mock.calls, client.send.mock.calls]).toEqual([[[4401, 'token_revoked']], []]);
  });
});
