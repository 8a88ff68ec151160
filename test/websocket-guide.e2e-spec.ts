import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principal } from '@nmp/auth';
import type { Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { GatewayStage } from './support/gateway-apps.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { SetClock } from './support/set-clock.js';
import { TypescriptBlock } from './support/typescript-block.js';

@WebSocketGateway()
class WhoGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return { event: 'answer', data: id };
  }
}

interface GuideClients {
  connectSocketIo(url: string, accessToken: () => Promise<string>): Socket;
  connectWebSocket(url: string, accessToken: string): WebSocket; // that of ws, here
}

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'transports.md'), 'utf8');

describe('the clients of the guide to WebSockets', () => {
  const stage = new GatewayStage();
  const globals = { WebSocket: globalThis.WebSocket };
  afterEach(async () => {
    Object.assign(globalThis, globals);
    await stage.end();
  });

  let clients: GuideClients;

  beforeAll(async () => {
    const text = codeBlocks(page).find((block) => block.text.includes('function connectSocketIo('))?.text ?? '';
    const compiled = TypescriptBlock.compile(text);
    expect(compiled.problems).toEqual([]);
    clients = (await import(compiled.file)) as GuideClients; // what the block exports
    compiled.remove();
  });

  it('of socket.io connects, and renews its session when it is asked to', async () => {
    const clock = new SetClock();
    const { url, issuer } = await stage.begin({
      library: 'socket.io',
      gateways: [WhoGateway],
      clock,
      options: { websockets: { onExpiry: 'ask' } },
    });
    const lives = [1, 3600];
    const socket = clients.connectSocketIo(url, () => issuer.accessToken({ expiresInSeconds: lives.shift() ?? 3600 }));
    stage.endWith(socket);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const renewal = jest.spyOn(socket, 'emitWithAck');
    const sent = new Promise<void>((resolve) => socket.onAnyOutgoing(() => resolve()));
    clock.advance(0.99);
    await sent;
    expect(await renewal.mock.results[0]?.value).toMatchObject({ status: 'ok' });
    clock.advance(100);
    const answer = new Promise((resolve) => socket.once('answer', resolve));
    socket.emit('who');
    expect(await answer).toBe('user-1');
  });

  it('of browsers connects with a subprotocol', async () => {
    const { url, issuer } = await stage.begin({ library: 'ws', gateways: [WhoGateway] });
    Object.assign(globalThis, { WebSocket }); // as in a browser; Node 20 has none
    const socket = clients.connectWebSocket(url.replace('http', 'ws'), await issuer.accessToken());
    stage.endWith(socket);
    await once(socket, 'open');
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ event: 'who' }));
    const [message] = (await answer) as [Buffer];
    expect([socket.protocol, JSON.parse(message.toString())]).toEqual(['chat', { event: 'answer', data: 'user-1' }]);
  });
});
