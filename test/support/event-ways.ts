import type { INestApplication } from '@nestjs/common';
import { Controller, Get } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { GrpcMethod, MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { AuthModule, type AuthTransport, JwtStrategy, RequireScopes } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { startGateways } from './gateway-apps.js';
import { startGraphql } from './graphql-apps.js';
import { bearer, grpcOptions, modelsClient } from './grpc-apps.js';
import { type AdapterName, startApp } from './http-apps.js';
import { connectTcp } from './message-apps.js';
import { connect, type SocketLibrary } from './sockets.js';

/** The scope that every handler of these applications asks for. */
export const EVENT_SCOPE = 'models:read';

/** An application that is reached in one way. */
export interface StartedWay {
  readonly app: INestApplication;
  /** Calls its handler with a token, or with none, whatever comes of it. */
  call(token: string | undefined): Promise<unknown>;
  /** What is to be closed beside the application. */
  readonly client?: { close(): unknown };
}

/** A way in, as events name it. */
export interface EventWay {
  readonly name: string;
  readonly transport: AuthTransport;
  start(issuer: TestIssuer): Promise<StartedWay>;
}

@Controller()
@RequireScopes(EVENT_SCOPE)
class HandlersController {
  @Get()
  list() {
    return [];
  }

  @MessagePattern('list')
  listByMessage() {
    return [];
  }

  @GrpcMethod('Models')
  get() {
    return { name: 'model' };
  }
}

@Resolver()
class ListResolver {
  @Query(() => String)
  @RequireScopes(EVENT_SCOPE)
  list() {
    return 'all';
  }
}

@WebSocketGateway()
class ListGateway {
  @RequireScopes(EVENT_SCOPE)
  @SubscribeMessage('list')
  list() {
    return { event: 'answer', data: [] };
  }
}

/** The ways in that need no broker. */
export const eventWays: readonly EventWay[] = [
  { name: 'HTTP on Express', transport: 'http', start: (issuer) => startHttp(issuer, 'express') },
  { name: 'HTTP on Fastify', transport: 'http', start: (issuer) => startHttp(issuer, 'fastify') },
  { name: 'messages over TCP', transport: 'tcp', start: startTcp },
  { name: 'gRPC', transport: 'grpc', start: startGrpc },
  { name: 'GraphQL', transport: 'graphql', start: startQueries },
  { name: 'socket.io', transport: 'websocket', start: (issuer) => startSockets(issuer, 'socket.io') },
  { name: 'ws', transport: 'websocket', start: (issuer) => startSockets(issuer, 'ws') },
];

/** The strategy alone, which knows of no scope. */
export async function startDirect(issuer: TestIssuer): Promise<StartedWay> {
  const { app } = await startHttp(issuer, 'fastify');
  const strategy = app.get(JwtStrategy);
  return {
    app,
    call: async (token) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return Promise.resolve(strategy.run({ headers })).catch((error: unknown) => error);
    },
  };
}

async function startHttp(issuer: TestIssuer, adapter: AdapterName): Promise<StartedWay> {
  const { app, url } = await startApp(adapter, partsFor(issuer));
  return {
    app,
    call: (token) => fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }),
  };
}

async function startTcp(issuer: TestIssuer): Promise<StartedWay> {
  const { app } = await startApp('fastify', partsFor(issuer));
  const client = await connectTcp(app);
  return { app, client, call: (token) => client.ask('list', token) };
}

async function startGrpc(issuer: TestIssuer): Promise<StartedWay> {
  const options = await grpcOptions();
  const { app } = await startApp('fastify', {
    ...partsFor(issuer),
    configure: (built) => void built.connectMicroservice(options),
  });
  await app.startAllMicroservices();
  const client = modelsClient(options);
  return { app, client, call: (token) => client.call('get', bearer(token)) };
}

async function startQueries(issuer: TestIssuer): Promise<StartedWay> {
  const { app, ask } = await startGraphql('express', { issuer, resolvers: [ListResolver] });
  return { app, call: (token) => ask('{ list another: list }', token) };
}

/** Connects anew for each call, as a client does that has another token. */
async function startSockets(issuer: TestIssuer, library: SocketLibrary): Promise<StartedWay> {
  const { app, url } = await startGateways({ library, issuer, gateways: [ListGateway] });
  const call = async (token: string | undefined): Promise<unknown> => {
    const socket = await connect(library, url, { token });
    if (!('ask' in socket)) return socket;
    const answer = await socket.ask('list');
    socket.close();
    return answer;
  };
  return { app, call };
}

function partsFor({ issuer }: TestIssuer) {
  return {
    imports: [AuthModule.forRoot({ oidc: { issuer, clientId: 'nmp-cli' } })],
    controllers: [HandlersController],
  };
}
