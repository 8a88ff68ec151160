import 'reflect-metadata';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { All, Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthModule, type AuthModuleOptions, Principal, Public, RequireScopes } from '@nmp/auth';

/** A request as it reached the service, before anybody looked at it. */
export interface Arrival {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** The service behind the gateway. */
export interface ModelsService {
  readonly port: number;
  /** In the order they came; a test that looks at them empties the list first. */
  readonly arrivals: Arrival[];
  close(): Promise<void>;
}

@Controller('apis/models')
class ModelsController {
  @Public()
  @Get('health')
  health() {
    return { status: 'ok' };
  }

  @All('whoami')
  whoami(@Principal() { id, email, groups, scopes, onBehalfOf }: Principal) {
    return { id, email, groups, scopes, onBehalfOf };
  }

  @RequireScopes('models:write')
  @Post('train')
  train(@Principal('id') id: string, @Body() body: unknown) {
    return { id, body };
  }
}

/** Starts a service whose module for authentication has these options. */
export async function startModelsService(
  adapter: 'express' | 'fastify',
  options: AuthModuleOptions,
): Promise<ModelsService> {
  @Module({ imports: [AuthModule.forRoot(options)], controllers: [ModelsController] })
  class ModelsModule {}

  const http = adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(ModelsModule, http, { logger: false });
  const arrivals: Arrival[] = [];
  const server = app.getHttpServer();
  const note = ({ method = '', url = '', rawHeaders }: IncomingMessage): void => {
    arrivals.push({ method, url, rawHeaders: [...rawHeaders] });
  };
  server.prependListener('request', note);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    note(request);
    socket.end(switchingProtocols(request));
  });
  await app.listen(0, '127.0.0.1');
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  return {
    port,
    arrivals,
    close: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

/** What a server of WebSockets says first; that it says no more is no matter here. @see RFC 6455 §4.2.2 */
function switchingProtocols({ headers }: IncomingMessage): string {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  return ['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n');
}
