import { afterEach, describe, expect, it } from '@jest/globals';
import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Clock, Principal, RequireAudience, RequireScopes } from '@nmp/auth';
import { EventRecord } from './support/event-record.js';
import { GatewayStage } from './support/gateway-apps.js';
import { startGraphql } from './support/graphql-apps.js';
import { GraphqlSocket } from './support/graphql-socket.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';
import { socketLibraries } from './support/sockets.js';

@Resolver()
class TicksResolver {
  @Query(() => String)
  me(@Principal('id') id: string) {
    return id;
  }

  @Subscription(() => String)
  async *ticks(@Principal('id') id: string) {
    yield await Promise.resolve({ ticks: id });
  }
}

@WebSocketGateway()
class WhoGateway {
  @SubscribeMessage('who')
  who(@Principal('id') id: string) {
    return { event: 'answer', data: id };
  }
}

@WebSocketGateway()
class ScopedGateway {
  @RequireScopes('models:write')
  handleConnection() {
    return undefined;
  }
}

@WebSocketGateway()
class BillingGateway {
  @RequireAudience('billing')
  handleConnection() {
    return undefined;
  }
}

const scoped = { gateway: ScopedGateway, code: 'insufficient_scope' };
const billing = { gateway: BillingGateway, code: 'token_audience' };

const running: { close(): unknown }[] = [];
const stage = new GatewayStage();

afterEach(async () => {
  for (const part of running.splice(0).toReversed()) await part.close();
  await stage.end();
});

describe('events of connections', () => {
  it('of graphql-ws are told at their beginning, and for each operation', async () => {
    const issuer = await startIssuer();
    running.push(issuer);
    const { app, url } = await startGraphql('express', {
      issuer,
      resolvers: [TicksResolver],
      graphql: { subscriptions: { 'graphql-ws': true } },
    });
    running.push(app);
    const record = new EventRecord(app);
    const authorization = `Bearer ${await issuer.accessToken()}`;
    const socket = await GraphqlSocket.open(url, { authorization });
    expect(await socket.outcome()).toBe('connected');
    expect(record.takeCallers()).toEqual(['in: access by graphql']);
    await socket.nextOf(socket.start('subscription { ticks }'));
    expect(record.takeCallers()).toEqual(['in: access by graphql, remembered']);
    await socket.close();
    await (await GraphqlSocket.open(url, { authorization: 'Bearer garbage' })).end();
    expect(record.takeCallers()).toEqual(['out: token_malformed by graphql']);
  });

  it('of graphql-ws are told for each operation that is refused, also when it is for what is known already', async () => {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    running.push(issuer);
    const { issuer: name, clientId } = issuer;
    const asking = {
      introspectOpaqueTokens: true,
      introspectionClientId: 'api',
      introspectionClientSecret: 'a-secret',
    };
    const { app, url } = await startGraphql('express', {
      issuer,
      resolvers: [TicksResolver],
      auth: { oidc: { issuer: name, clientId, ...asking } },
      graphql: { subscriptions: { 'graphql-ws': true } },
      parts: { override: (builder) => builder.overrideProvider(Clock).useValue(clock) },
    });
    running.push(app);
    const record = new EventRecord(app);
    const token = issuer.opaqueToken();
    const socket = await GraphqlSocket.open(url, { authorization: `Bearer ${token}` });
    expect(await socket.outcome()).toBe('connected');
    expect(record.takeCallers()).toEqual(['in: opaque by graphql']);
    issuer.revokeOpaqueToken(token);
    clock.advance(120); // so long nothing is remembered of it
    for (let at = 0; at < 2; at++) {
      await socket.nextOf(socket.start('{ me another: me }'));
      expect(record.takeCallers()).toEqual(['out: token_inactive by graphql']);
    }
    await socket.close();
  });

  it.each(socketLibraries)('of %s are told at their beginning, and when they are renewed', async (library) => {
    const clock = new SetClock();
    const { issuer, enter, app } = await stage.begin({ library, clock, gateways: [WhoGateway] });
    const record = new EventRecord(app);
    const socket = await enter({ token: await issuer.accessToken() });
    expect(record.takeCallers()).toEqual(['in: access by websocket']);
    await socket.ask('who');
    expect(record.takeCallers()).toEqual([]);
    await socket.ask('auth:token', { token: await issuer.accessToken() });
    expect(record.takeCallers()).toEqual(['in: access by websocket']);
    await socket.ask('auth:token', { token: 'garbage' });
    expect(record.takeCallers()).toEqual(['out: token_malformed by websocket']);
    clock.advance(3600);
    await socket.ask('who');
    expect(record.takeCallers()).toEqual(['out: token_expired by websocket']);
  });

  it.each(
    socketLibraries.flatMap((library) => [
      { library, ...scoped },
      { library, ...billing },
    ]),
  )('of $library are told once of what is asked at the beginning: $code', async ({ library, gateway, code }) => {
    const { issuer, refusal, app } = await stage.begin({ library, gateways: [gateway] });
    const record = new EventRecord(app);
    expect(await refusal({ token: await issuer.accessToken({ scope: 'models:read' }) })).toMatchObject({ code });
    expect(record.takeCallers()).toEqual(['in: access by websocket', `out: ${code} by websocket`]);
  });
});
