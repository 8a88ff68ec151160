import { fileURLToPath } from 'node:url';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { type ClientGrpcProxy, ClientProxyFactory, type GrpcOptions, Transport } from '@nestjs/microservices';
import { from, lastValueFrom, type Observable, toArray } from 'rxjs';
import { freePort } from './free-port.js';

/** What the methods of the test service take and give. */
export interface Model {
  name: string;
  owner?: string;
}

/** The options of a test service on a free port. */
export async function grpcOptions(): Promise<GrpcOptions> {
  const protoPath = fileURLToPath(new URL('../fixtures/models.proto', import.meta.url));
  return {
    transport: Transport.GRPC,
    options: { url: `127.0.0.1:${await freePort()}`, package: 'models', protoPath },
  };
}

/** The methods of the test service: those with a stream of requests take an `Observable`. */
export interface ModelsClient {
  readonly client: ClientGrpcProxy;
  /** Calls a method with the names of models, and gathers all that is answered; a refusal becomes its status. */
  call(method: ModelsMethod, metadata?: Record<string, string | string[]>): Promise<GrpcOutcome>;
  close(): void;
}

/** The methods of the test service. */
export type ModelsMethod = 'get' | 'list' | 'collect' | 'rename' | 'pass' | 'passOnce' | 'open' | 'deny' | 'denyPass';

/** What a call came to. */
export type GrpcOutcome = { models: Model[] } | { code: string; status: number; details: string; retryAfter?: string };

const withRequestStream: ReadonlySet<ModelsMethod> = new Set(['collect', 'rename', 'pass', 'passOnce', 'denyPass']);

/** A client of the test service. */
export function modelsClient({ options }: GrpcOptions, interceptors: readonly unknown[] = []): ModelsClient {
  const channelOptions = { interceptors };
  const client = ClientProxyFactory.create({ transport: Transport.GRPC, options: { ...options, channelOptions } });
  const models =
    client.getService<Record<ModelsMethod, (request: unknown, metadata: Metadata) => Observable<Model>>>('Models');
  return {
    client,
    call: async (method, metadata = {}) => {
      const request = withRequestStream.has(method) ? from([{ name: 'a' }, { name: 'b' }]) : { name: 'a' };
      const answers = models[method](request, metadataOf(metadata)).pipe(toArray());
      return lastValueFrom(answers).then((all) => ({ models: all }), outcomeOf);
    },
    close: () => client.close(),
  };
}

/** The metadata of a bearer token. */
export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function metadataOf(record: Record<string, string | string[]>): Metadata {
  const metadata = new Metadata();
  for (const [name, values] of Object.entries(record)) for (const value of [values].flat()) metadata.add(name, value);
  return metadata;
}

function outcomeOf({ code, details, metadata }: ServiceError): GrpcOutcome {
  const [reason = 'none'] = metadata.get('nmp-error-code');
  const [retryAfter] = metadata.get('retry-after');
  return { code: String(reason), status: code, details, ...(retryAfter && { retryAfter: String(retryAfter) }) };
}
