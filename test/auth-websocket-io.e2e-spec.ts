import { once } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principal } from '@nmp/auth';
import { ProofKey } from '@nmp/auth/testing';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { Manager } from 'socket.io-client';
import { WebSocket } from 'ws';
import { GatewayStage } from './support/gateway-apps.js';

const answer = (data: unknown) => ({ event: 'answer', data });

@WebSocketGateway()
class RootGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }
}

@WebSocketGateway({ namespace: '/' })
class SlashGateway {
  @SubscribeMessage('slash')
  slash(@Principal('id') id: string) {
    return answer(id);
  }
}

@WebSocketGateway({ namespace: '/rooms' })
class RoomsGateway extends RootGateway {}

/** Puts everybody into a room, and lets the test write to it. */
class RoomGateway extends RootGateway {
  static last: Socket | undefined;

  async handleConnection(client: Socket) {
    RoomGateway.last = client;
    await client.join(`room of ${String(client.handshake.auth.name)}`);
  }
}

@WebSocketGateway({ connectionStateRecovery: { maxDisconnectionDuration: 60_000 } })
class RecoveringGateway extends RoomGateway {}

@WebSocketGateway()
class PlainGateway extends RoomGateway {}

/** Sets the option where the decorator of a gateway does not show it. */
class RecoveringAdapter extends IoAdapter {
  override createIOServer(port: number, options?: ServerOptions): Server {
    const connectionStateRecovery = { maxDisconnectionDuration: 60_000 };
    const all = { ...options, connectionStateRecovery } as ServerOptions; // each has a default
    return super.createIOServer(port, all);
  }
}

const stage = new GatewayStage();
afterEach(async () => {
  await stage.end();
  jest.restoreAllMocks();
});

/** A connection that speaks the protocol of socket.io by hand. */
async function speak(url: string) {
  const line = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  stage.endWith({ close: () => line.terminate() });
  const heard: string[] = [];
  const listeners = new Set<() => void>();
  line.on('message', (text: Buffer) => {
    heard.push(text.toString());
    for (const listener of listeners) listener();
  });
  /** Waits for the packet of a kind that comes next. */
  const next = (kind: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const at = heard.findIndex((text) => text.startsWith(kind));
        if (at < 0) return;
        listeners.delete(look);
        resolve(heard.splice(at, 1)[0]?.slice(kind.length) ?? '');
      };
      listeners.add(look);
      look();
    });
  await next('0');
  return { line, heard, next, send: (text: string) => line.send(text) };
}

describe('connections of socket.io are not restored', () => {
  it.each([
    ['the gateway', RecoveringGateway, undefined],
    ['the adapter', PlainGateway, RecoveringAdapter],
  ])('though %s says so: nobody gets rooms or messages of another', async (_who, gateway, Adapter) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { issuer, url } = await stage.begin({
      library: 'socket.io',
      gateways: [gateway],
      ...(Adapter && { configure: (app) => app.useWebSocketAdapter(new Adapter(app)) }),
    });
    const alice = await speak(url);
    alice.send(`40${JSON.stringify({ token: await issuer.accessToken({ subject: 'alice' }), name: 'alice' })}`);
    const opened = JSON.parse(await alice.next('40')) as { pid?: string };
    const { last } = RoomGateway;
    const room = () => last?.nsp.to('room of alice');
    room()?.emit('news', 'first');
    const news = JSON.parse(await alice.next('42')) as string[];
    const [, , offset = 'none'] = news;
    const { pid = 'none' } = opened;
    expect([pid, offset]).toEqual(['none', 'none']);
    const left = new Promise((resolve) => last?.once('disconnect', resolve));
    alice.line.terminate();
    await left;
    room()?.emit('news', 'for alice');

    const bob = await speak(url);
    const resent = { name: 'bob', pid: 'an-old-one', offset: 'an-old-one' };
    bob.send(`40${JSON.stringify({ ...resent, token: await issuer.accessToken({ subject: 'bob' }) })}`);
    await bob.next('40');
    room()?.emit('news', 'for alice');
    bob.send('42["who"]');
    expect(await bob.next('42')).toBe('["answer","bob"]');
    expect(warn.mock.calls.filter(([line]) => String(line).includes('connectionStateRecovery'))).toHaveLength(1);
  });
});

describe('one connection of socket.io', () => {
  it('ends after three namespaces that it was refused', async () => {
    const { url } = await stage.begin({ library: 'socket.io', gateways: [RootGateway] });
    const { line, heard, send } = await speak(url);
    const over = once(line, 'close');
    for (let at = 0; at < 20; at++) send(`40{"token":"wrong-${at}"}`);
    await over;
    const refusals = heard.filter((text) => text.startsWith('44'));
    expect(refusals.slice(0, 3).every((text) => text.includes('"statusCode":401'))).toBe(true);
    expect(refusals.filter((text) => text.includes('"statusCode":401'))).toHaveLength(3);
  });

  it('stays open after two, and connects to another one', async () => {
    const { issuer, url } = await stage.begin({ library: 'socket.io', gateways: [RootGateway, RoomsGateway] });
    const { next, send } = await speak(url);
    for (const namespace of ['', '/rooms,']) {
      send(`40${namespace}{"token":"wrong"}`);
      await next('44');
    }
    send(`40${JSON.stringify({ token: await issuer.accessToken() })}`);
    await next('40');
    send('42["who"]');
    expect(await next('42')).toBe('["answer","user-1"]');
  });
});

describe('a token of socket.io that is bound to a key', () => {
  const publicUrl = 'https://api.example.com';
  const handshakeUrl = `${publicUrl}/socket.io/`;

  it('P01: comes with one proof for all namespaces of a connection, and for gateways of the same one', async () => {
    const { issuer, url } = await stage.begin({
      library: 'socket.io',
      gateways: [RootGateway, SlashGateway, RoomsGateway],
      options: { publicUrl, dpop: {} },
    });
    const key = await ProofKey.generate();
    const token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } } });
    const extraHeaders = { authorization: `DPoP ${token}`, dpop: key.proof({ url: handshakeUrl, token }) };
    const refusalsOver = async (): Promise<unknown[]> => {
      const manager = new Manager(url, { extraHeaders, transports: ['websocket'], reconnection: false });
      const refusals: unknown[] = [];
      for (const name of ['/', '/rooms']) {
        const socket = manager.socket(name);
        stage.endWith(socket);
        await new Promise<void>((resolve) => {
          socket.once('connect', resolve);
          socket.once('connect_error', (error: Error & { data?: { code?: string } }) => {
            refusals.push(error.data?.code);
            resolve();
          });
        });
      }
      return refusals;
    };
    expect(await refusalsOver()).toEqual([]);
    expect(await refusalsOver()).toEqual(['dpop_proof', 'dpop_proof']); // another connection
  });

  it('is told the nonce for its proof in the error', async () => {
    const { issuer, enter, refusal } = await stage.begin({
      library: 'socket.io',
      gateways: [RootGateway],
      options: { publicUrl, dpop: { nonce: {} } },
    });
    const key = await ProofKey.generate();
    const token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } } });
    const headersWith = (nonce?: string): Record<string, string> => ({
      authorization: `DPoP ${token}`,
      dpop: key.proof({ url: handshakeUrl, token, ...(nonce !== undefined && { nonce }) }),
    });
    const { code, body } = await refusal({ headers: headersWith() });
    expect(code).toBe('dpop_nonce');
    const socket = await enter({ headers: headersWith(String(body.dpopNonce)) });
    expect(await socket.ask('who')).toBe('user-1');
  });
});
