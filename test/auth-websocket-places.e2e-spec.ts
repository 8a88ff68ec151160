import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Scope, type Type } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { OptionalAuth, Principal, principalOfSocket, Public, RequirePermissions, RequireScopes, from } from '@nmp/auth';
import { GatewayStage } from './support/gateway-apps.js';
import { refused, socketLibraries } from './support/sockets.js';

const met: unknown[] = [];
const answer = (data: unknown) => ({ event: 'answer', data });

@WebSocketGateway()
class RootGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }
}

@Public()
@WebSocketGateway()
class OpenGateway {
  @SubscribeMessage('open')
  open() {
    return answer('open');
  }
}

/** Only tells; its clients have nothing to say. */
@RequireScopes('events:read')
@WebSocketGateway()
class TellingGateway {
  handleConnection(client: object) {
    met.push(principalOfSocket(client)?.id);
  }
}

/** Whoever connects has to hold a permission; its handlers ask for less. */
@WebSocketGateway()
class HookedGateway {
  @RequirePermissions('models.read', { workspace: from.value('ml') })
  handleConnection(client: object) {
    met.push(principalOfSocket(client)?.email);
  }

  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }
}

@WebSocketGateway()
class WelcomingGateway {
  @OptionalAuth()
  handleConnection(client: object) {
    met.push(principalOfSocket(client)?.kind);
  }

  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }
}

@Injectable({ scope: Scope.REQUEST })
class Visit {
  readonly at = 'request';
}

@WebSocketGateway()
class RequestScopedGateway {
  constructor(private readonly visit: Visit) {}

  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(`${id} by ${this.visit.at}`);
  }
}

class Talker {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return answer(id);
  }

  @SubscribeMessage('told')
  told() {
    return answer('told');
  }
}

@WebSocketGateway()
class InheritingGateway extends Talker {
  @Public()
  override told() {
    return super.told();
  }
}
Reflect.defineMetadata('websockets:message_mapping', true, InheritingGateway.prototype.told);
Reflect.defineMetadata('message', 'told', InheritingGateway.prototype.told);

const stage = new GatewayStage();
beforeEach(() => {
  met.length = 0;
});
afterEach(() => stage.end());

describe.each(socketLibraries)('connections of %s', (library) => {
  it('to gateways that share a server are for the strictest as for the others', async () => {
    const { issuer, enter } = await stage.begin({ library, gateways: [OpenGateway, RootGateway] });
    const stranger = await enter();
    expect(await stranger.ask('open')).toBe('open');
    expect(await stranger.ask('who')).toEqual({ refused: 'missing_token' });
    const socket = await enter({ token: await issuer.accessToken() });
    expect(await socket.ask('who')).toBe('user-1');
    expect(await socket.ask('auth:token', { token: await issuer.accessToken() })).toMatchObject({ status: 'ok' });
  });

  it('to a gateway without handlers are asked for what its class says', async () => {
    const { issuer, enter, refusal } = await stage.begin({ library, gateways: [TellingGateway] });
    expect(await refusal()).toMatchObject({ code: 'missing_token' });
    const token = await issuer.accessToken({ scope: 'files:read' });
    expect(await refusal({ token })).toMatchObject({ code: 'insufficient_scope' });
    expect(met).toEqual([]);
    await enter({ token: await issuer.accessToken({ scope: 'events:read' }) });
    expect(met).toEqual(['user-1']);
  });

  it('are asked for what handleConnection says', async () => {
    const { issuer, enter, refusal } = await stage.begin({ library, gateways: [HookedGateway] });
    expect(await refusal({ token: await issuer.accessToken() })).toMatchObject({ code: 'access_denied' });
    expect(met).toEqual([]);
    const socket = await enter({ token: await issuer.accessToken({ email: 'alice@example.com' }) });
    expect([met, await socket.ask('who')]).toEqual([['alice@example.com'], 'user-1']);
  });

  it('are open to strangers where handleConnection is, and the handlers are not', async () => {
    const { enter } = await stage.begin({ library, gateways: [WelcomingGateway] });
    const stranger = await enter();
    expect(await stranger.ask('who')).toEqual({ refused: 'missing_token' });
    expect(met).toEqual(['anonymous']);
  });

  it('to gateways of the request’s scope have the same guards', async () => {
    const { issuer, enter, refusal } = await stage.begin({ library, gateways: [RequestScopedGateway, Visit] });
    expect(await refusal()).toMatchObject({ code: 'missing_token' });
    const socket = await enter({ token: await issuer.accessToken() });
    expect(await socket.ask('who')).toBe('user-1 by request');
  });

  it('N08: inherited handlers are closed, and open where they are overridden so', async () => {
    const { enter } = await stage.begin({ library, gateways: [InheritingGateway] });
    const stranger = await enter();
    expect(await stranger.ask('told')).toBe('told');
    expect(await stranger.ask('who')).toEqual({ refused: 'missing_token' });
  });

  it('N11: two applications in one process never take each other’s tokens', async () => {
    const one = await stage.begin({ library, gateways: [RootGateway] });
    const two = await stage.begin({ library, gateways: [RootGateway] });
    for (const [own, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const token = await other.issuer.accessToken();
      expect(await own.refusal({ token })).toMatchObject({ code: 'token_issuer' });
      const socket = await own.enter({ token: await own.issuer.accessToken() });
      expect(await socket.ask('who')).toBe('user-1');
    }
  });

  it('N11: callers who talk at the same time are told apart', async () => {
    const { issuer, enter } = await stage.begin({ library, gateways: [RootGateway] });
    const names = Array.from({ length: 12 }, (_, at) => `user-${at}`);
    const sockets = await Promise.all(
      names.map(async (subject) => enter({ token: await issuer.accessToken({ subject }) })),
    );
    expect(await Promise.all(sockets.map((socket) => socket.ask('who')))).toEqual(names);
  });

  it('believe the headers of a trusted gateway, and keep them from the application', async () => {
    const seen: unknown[] = [];
    @WebSocketGateway()
    class HeaderGateway extends RootGateway {
      handleConnection(client: { request?: { headers: object } }, request?: { headers: object }) {
        seen.push(Object.keys((client.request ?? request)?.headers ?? {}).filter((name) => name.startsWith('x-')));
      }
    }
    const { url, enter } = await stage.begin({
      library,
      gateways: [HeaderGateway as Type],
      options: { trustedHeaders: { secretHeader: 'X-Gateway-Secret', secret: 'sixteen characters' } },
    });
    const named = { 'x-nmp-principal-id': 'alice', 'x-gateway-secret': 'sixteen characters' };
    const socket = await enter({ headers: named });
    expect(await socket.ask('who')).toBe('alice');
    expect(seen).toEqual([[]]);
    const forged = { ...named, 'x-gateway-secret': 'not the right one' };
    expect(await refused(library, url, { headers: forged })).toMatchObject({ code: 'missing_token' });
  });

  it('are for everybody where authentication is off', async () => {
    const { enter } = await stage.begin({ library, gateways: [RootGateway], options: { enabled: false } });
    const socket = await enter({ token: 'whatever' });
    expect(await socket.ask('who')).toBe('');
  });
});
