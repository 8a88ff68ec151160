import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principal, Public } from '@nmp/auth';
import { Manager } from 'socket.io-client';
import { GatewayStage } from './support/gateway-apps.js';
import { rawRequest } from './support/http-apps.js';
import { refused } from './support/sockets.js';

const answer = (data: unknown) => ({ event: 'answer', data });

@WebSocketGateway()
class RootGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }
}

@WebSocketGateway({ namespace: 'rooms' })
class RoomsGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(`${id} in a room`);
  }
}

@Public()
@WebSocketGateway({ namespace: /^\/news-\w+$/ })
class NewsGateway {
  @SubscribeMessage('open')
  open() {
    return answer('news');
  }
}

const stage = new GatewayStage();
afterEach(() => stage.end());

describe('connections of socket.io', () => {
  it('to namespaces are verified one by one, also by the word of a gateway', async () => {
    const { issuer, url, enter, refusal } = await stage.begin({
      library: 'socket.io',
      gateways: [RoomsGateway, NewsGateway, RootGateway],
      options: { trustedHeaders: { secretHeader: 'X-Gateway-Secret', secret: 'sixteen characters' } },
    });
    for (const place of ['', '/rooms']) expect(await refusal({ place })).toMatchObject({ code: 'missing_token' });
    expect(await (await enter({ place: '/news-today' })).ask('open')).toBe('news');
    const token = await issuer.accessToken();
    expect(await (await enter({ place: '/rooms', token })).ask('who')).toBe('user-1 in a room');
    const extraHeaders = { 'x-nmp-principal-id': 'alice', 'x-gateway-secret': 'sixteen characters' };
    const manager = new Manager(url, { extraHeaders, transports: ['websocket'], reconnection: false });
    for (const name of ['/', '/rooms']) {
      const socket = manager.socket(name);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      stage.endWith(socket);
    }
  });

  it.each([[7], [{}], [''], ['two words']])('give a token as a text: %j is none', async (token) => {
    const { refusal } = await stage.begin({ library: 'socket.io', gateways: [RootGateway] });
    expect(await refusal({ auth: { token } })).toMatchObject({ code: 'malformed_request' });
  });
});

describe('connections of ws', () => {
  it('may carry the token as a subprotocol, which the answer never names', async () => {
    const { issuer, enter, url } = await stage.begin({ library: 'ws', gateways: [RootGateway] });
    const token = await issuer.accessToken();
    const bearer = `nmp.bearer.${encodeURIComponent(token)}`;
    for (const protocols of [
      [bearer, 'chat'],
      ['chat', bearer],
    ]) {
      const socket = await enter({ protocols });
      expect([socket.protocol, await socket.ask('who')]).toEqual(['chat', 'user-1']);
    }
    for (const protocols of [[bearer], [bearer, 'nmp.bearer.x', 'chat'], ['chat', 'nmp.bearer.%zz']]) {
      expect(await refused('ws', url, { protocols })).toMatchObject({ code: 'malformed_request', status: 400 });
    }
  });

  it('keep the subprotocol with the token from the application', async () => {
    const seen: unknown[] = [];
    @Public()
    @WebSocketGateway()
    class LookingGateway {
      handleConnection(_client: object, { headers, rawHeaders }: IncomingMessage) {
        seen.push(
          headers['sec-websocket-protocol'],
          rawHeaders.some((value) => value.includes('secret')),
        );
      }
    }
    const { enter } = await stage.begin({ library: 'ws', gateways: [LookingGateway] });
    await enter({ protocols: ['nmp.bearer.secret', 'chat'] });
    expect(seen).toEqual(['chat', false]);
  });

  it('T11: with two Authorization headers are malformed', async () => {
    const { issuer, url } = await stage.begin({ library: 'ws', gateways: [RootGateway] });
    const bearer = `Authorization: Bearer ${await issuer.accessToken()}`;
    const lines = ['GET / HTTP/1.1', 'Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade'];
    const handshake = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
    expect(await rawRequest(url, [...lines, ...handshake, bearer, bearer])).toBe(400);
    expect(await rawRequest(url, [...lines, ...handshake, bearer])).toBe(101);
  });
});
