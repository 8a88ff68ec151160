import { bearerHeaders, type TokenSource } from './bearer-headers.js';
import { type CallerHeaders, headersOfCaller } from './current-caller.js';
import { ForwardingError } from './forwarding-error.js';

/** The type `Interceptor` of `@grpc/grpc-js`, which need not be installed. */
export type GrpcInterceptor = (options: object, nextCall: (options: never) => unknown) => never;

/**
 * Sends a token with every call of a gRPC client, in the metadata `authorization`.
 * @example
 * { package: 'models', protoPath, channelOptions: { interceptors: [grpcCredentials(() => tokens.get())] } }
 */
export function grpcCredentials(token: TokenSource): GrpcInterceptor {
  return interceptor(async () => bearerHeaders(await token()));
}

/**
 * Sends what identifies the caller of the running handler, which `ForwardCaller` stands before. A call that is answered
 * with an `Observable` begins when somebody subscribes to it: the handler, or Nest with what the handler returns.
 * @param options.anonymous Sends without credentials where there is no caller, instead of refusing to.
 */
export function grpcCredentialsOfCaller(options: { anonymous?: boolean } = {}): GrpcInterceptor {
  return interceptor(() => headersOfCaller(options));
}

interface Metadata {
  clone(): Metadata;
  get(name: string): unknown[];
  set(name: string, value: string): void;
}

interface Listener {
  onReceiveStatus?(status: { code: number; details: string; metadata: Metadata }): void;
}

/** The part of grpc-js's `InterceptingCall` that waits for the credentials. */
interface GrpcCall {
  start(metadata: Metadata, listener?: Listener): void;
  sendMessageWithContext(context: object, message: unknown): void;
  sendMessage(message: unknown): void;
  startRead(): void;
  halfClose(): void;
}

const UNAUTHENTICATED = 16;

function interceptor(credentials: () => CallerHeaders | Promise<CallerHeaders>): GrpcInterceptor {
  return (options, nextCall) => {
    const call = (nextCall as (given: object) => GrpcCall)(options); // what grpc-js hands over
    return authorized(call, credentials) as never; // to grpc-js it is what it has made itself
  };
}

/** What is said to the call before its credentials are there is said after them, in the same order. */
function authorized(call: GrpcCall, credentials: () => CallerHeaders | Promise<CallerHeaders>): GrpcCall {
  let ready: Promise<unknown> = Promise.resolve();
  const begin = call.start.bind(call);
  call.start = (metadata, listener) => {
    const started = identified(metadata, credentials).then((identifying) => begin(identifying, listener));
    ready = started.catch((error: unknown) => {
      const details = error instanceof Error ? error.message : String(error);
      listener?.onReceiveStatus?.({ code: UNAUTHENTICATED, details, metadata });
      return new Promise<never>(() => {}); // nothing more is sent on a call that has not begun
    });
  };
  for (const name of ['sendMessageWithContext', 'sendMessage', 'startRead', 'halfClose'] as const) {
    const say = call[name].bind(call) as (...args: unknown[]) => void;
    call[name] = (...args: unknown[]) => void ready.then(() => say(...args));
  }
  return call;
}

/** The metadata of this call alone: callers use theirs again. */
async function identified(
  given: Metadata,
  credentials: () => CallerHeaders | Promise<CallerHeaders>,
): Promise<Metadata> {
  const metadata = given.clone();
  for (const [name, value] of Object.entries(await credentials())) {
    if (given.get(name).length > 0) {
      throw new ForwardingError(
        'already_authorized',
        `The call has metadata ${name} of its own, and would get another`,
      );
    }
    metadata.set(name, value);
  }
  return metadata;
}
