import { connectable, defer, mergeMap, type Observable, Subject } from 'rxjs';
import { bearerHeaders, type TokenSource } from './bearer-headers.js';
import { type CallerHeaders, headersOfCaller } from './current-caller.js';
import { sealMessage } from './message.record.js';

/** The part of Nest's `ClientProxy` that is used. */
export interface MessageClient {
  /** Opens the connection. */
  connect(): Promise<unknown>;
  /** Ends it. */
  close(): unknown;
  /** Sends a request. */
  send(pattern: unknown, data: unknown): Observable<unknown>;
  /** Sends an event. */
  emit(pattern: unknown, data: unknown): Observable<unknown>;
}

/**
 * A client of a microservice that sends a token with every message: as the header `authorization` of NATS, MQTT 5,
 * RabbitMQ and Kafka, in an envelope over TCP and Redis. What the `ClientProxy` takes and returns stays as it is.
 * @example
 * const models = new AuthorizedClient(ClientProxyFactory.create({ transport: Transport.NATS }), () => tokens.get());
 * models.send('models.list', { workspace: 'ml' });
 * @example
 * const models = AuthorizedClient.ofCaller(client); // in handlers behind ForwardCaller
 */
export class AuthorizedClient {
  constructor(
    protected readonly client: MessageClient,
    private readonly token: TokenSource,
  ) {}

  /**
   * Sends what identifies the caller of the running handler: its bearer token, or the identity headers of the gateway
   * that named it.
   * With `anonymous` it sends without credentials where there is no caller, instead of refusing to.
   */
  static ofCaller(client: MessageClient, { anonymous = false }: { anonymous?: boolean } = {}): AuthorizedClient {
    return new ClientOfCaller(client, anonymous);
  }

  /** Sends a request, to those who subscribe. @throws {ForwardingError} when there is no caller to send it for. */
  send<Result = unknown>(pattern: unknown, data: unknown): Observable<Result> {
    const sealed = this.sealed(data);
    return sealed.pipe(mergeMap((message) => this.client.send(pattern, message) as Observable<Result>)); // the caller says what is answered
  }

  /**
   * Sends an event, at once. As with the client itself, what goes wrong on the way is told to those who subscribe.
   * @throws {ForwardingError} when there is no caller to send it for.
   */
  emit<Result = unknown>(pattern: unknown, data: unknown): Observable<Result> {
    const sealed = this.sealed(data);
    const emitted = sealed.pipe(mergeMap((message) => this.client.emit(pattern, message) as Observable<Result>)); // of the client
    const source = connectable(emitted, { connector: () => new Subject<Result>(), resetOnDisconnect: false });
    source.connect();
    return source;
  }

  /** Opens the connection of the client. */
  connect(): Promise<unknown> {
    return this.client.connect();
  }

  /** Ends the connection of the client. */
  close(): unknown {
    return this.client.close();
  }

  /** Says how to identify the sender of a message, which may be sent more than once. */
  protected credentials(): () => CallerHeaders | Promise<CallerHeaders> {
    return async () => bearerHeaders(await this.token());
  }

  private sealed(data: unknown): Observable<unknown> {
    const credentials = this.credentials();
    // The client refuses to send nothing; it must not look like something to it.
    if (data === undefined || data === null) return defer(() => Promise.resolve(data));
    return defer(async () => sealMessage(this.client, await credentials(), data));
  }
}

class ClientOfCaller extends AuthorizedClient {
  constructor(
    client: MessageClient,
    private readonly anonymous: boolean,
  ) {
    super(client, () => '');
  }

  /** The caller is that of the handler which sends, not of whatever is running when an answer is waited for. */
  protected override credentials(): () => CallerHeaders {
    const headers = headersOfCaller({ anonymous: this.anonymous });
    return () => headers;
  }
}
