import type { AddressInfo, Server } from 'node:net';
import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, type TcpOptions, Transport } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

/** What a message came to: its answer, or the code of its refusal beside the whole error. */
export type MessageOutcome = { value: unknown } | { code: string; error: unknown };

/** Sends messages to one microservice, each with the token, and any more headers, in an envelope. */
export interface MessageSender {
  /** The client that sends them. */
  readonly client: ClientProxy;
  ask(pattern: string, token?: string, data?: unknown, headers?: Record<string, string>): Promise<MessageOutcome>;
  /** Sends the data as they are. */
  askPlainly(pattern: string, data: unknown): Promise<MessageOutcome>;
  emit(pattern: string, token?: string, data?: unknown): Promise<void>;
  close(): unknown;
}

/** A microservice that listens on a free port. */
export const tcpOptions = (): TcpOptions => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } });

/** Connects a TCP microservice to an HTTP application and starts it. */
export async function connectTcp(
  app: INestApplication,
  hybrid: { inheritAppConfig?: boolean } = {},
): Promise<MessageSender> {
  const microservice = app.connectMicroservice(tcpOptions(), hybrid);
  await app.startAllMicroservices();
  return senderTo(microservice);
}

/** A client of a TCP microservice that listens. */
export function senderTo(microservice: INestMicroservice): MessageSender {
  const { port } = microservice.unwrap<Server>().address() as AddressInfo; // a TCP server that listens
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  const askPlainly = async (pattern: string, data: unknown): Promise<MessageOutcome> =>
    lastValueFrom(client.send<unknown>(pattern, data)).then(
      (value) => ({ value }),
      (error: { code?: string } | string) => ({
        code: typeof error === 'string' ? error : (error.code ?? 'none'),
        error,
      }),
    );
  return {
    client,
    askPlainly,
    ask: (pattern, token, data = {}, headers = {}) => askPlainly(pattern, sealed(token, data, headers)),
    emit: async (pattern, token, data = {}) => {
      await lastValueFrom(client.emit(pattern, sealed(token, data, {})), { defaultValue: undefined });
    },
    close: () => client.close(),
  };
}

/** The envelope of TCP and Redis, as anybody would write it. */
function sealed(token: string | undefined, data: unknown, headers: Record<string, string>): unknown {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { 'nmp:headers': { ...authorization, ...headers }, 'nmp:data': data };
}
