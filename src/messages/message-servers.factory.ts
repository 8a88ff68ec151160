import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServerCredentials } from '@grpc/grpc-js';
import type { INestApplication } from '@nestjs/common';
import { type CustomStrategy, type GrpcOptions, Transport } from '@nestjs/microservices';
import type { GrpcConfig, MessagingConfig, NatsConfig } from '../config/messaging-config.js';
import { StartUpError } from '../start-up-error.js';
import { NatsQuestionServer } from './nats-question.server.js';

/** The interface of the gRPC service: beside this file, in the sources as in the build. */
export const protoFile = fileURLToPath(new URL('./auth.proto', import.meta.url));

/**
 * Connects the platform to where its messages come from; they are answered once all microservices are started.
 * @throws {StartUpError} when a file of gRPC's TLS cannot be read.
 */
export function connectMessageServers(app: INestApplication, { nats, grpc }: MessagingConfig): void {
  if (nats) app.connectMicroservice<CustomStrategy>({ strategy: natsServerOf(nats) });
  if (grpc) app.connectMicroservice<GrpcOptions>(grpcOptionsOf(grpc));
}

/**
 * Starts to answer messages.
 * @throws {StartUpError} when a NATS server cannot be reached, or the address of gRPC cannot be had.
 */
export async function answerMessages(app: INestApplication): Promise<void> {
  try {
    await app.startAllMicroservices();
  } catch (error) {
    throw new StartUpError(`cannot start to answer messages (settings below messaging): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The servers must be there at the start; when they go away later, the platform tries until they are back. */
function natsServerOf({ servers, queue, user, password, token }: NatsConfig): NatsQuestionServer {
  return new NatsQuestionServer({
    servers: [...servers],
    queue,
    name: 'nmp-platform',
    maxReconnectAttempts: -1,
    ...(user !== undefined && { user, pass: password }),
    ...(token !== undefined && { token }),
    ...(servers.some((server) => server.startsWith('tls:')) && { tls: {} }),
  });
}

function grpcOptionsOf({ host, port, tls }: GrpcConfig): GrpcOptions {
  return {
    transport: Transport.GRPC,
    options: {
      package: 'nmp.auth.v1',
      protoPath: protoFile,
      url: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      loader: { keepCase: true, defaults: false, arrays: true },
      ...(tls && { credentials: credentialsOf(tls) }),
    },
  };
}

function credentialsOf({ certFile, keyFile }: NonNullable<GrpcConfig['tls']>): ServerCredentials {
  const pair = {
    cert_chain: readPem('messaging.grpc.tls.cert_file', certFile),
    private_key: readPem('messaging.grpc.tls.key_file', keyFile),
  };
  return ServerCredentials.createSsl(null, [pair]);
}

function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartUpError(`${setting}: ${(error as Error).message}`, { cause: error });
  }
}
