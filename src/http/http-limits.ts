/** How much time and room a request may take. Times are in milliseconds. */
export interface HttpLimits {
  /** To send the headers, counted from the connection or the request before. */
  readonly headersTimeoutMs: number;
  /** To send headers and body. */
  readonly requestTimeoutMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveTimeoutMs: number;
  /** In which neither side says anything, as when an answer is not read. */
  readonly silenceTimeoutMs: number;
  /** How often it is looked for requests that take too long to be sent. */
  readonly checkIntervalMs: number;
  /** How long a connection that was refused is still read from, so that the client gets to see why. */
  readonly lingerMs: number;
  /** How long a connection without a request is listened to at shutdown: what it has sent may not have been read yet. */
  readonly drainMs: number;
  /** How long the requests under way are waited for at shutdown. */
  readonly shutdownGraceMs: number;
  readonly maxBodyBytes: number;
  /** How many requests of one connection are worked on at a time; what it has sent beyond waits. */
  readonly maxPipelinedRequests: number;
  /** How many requests are worked on at a time; `0`: as many as come. */
  readonly maxPendingRequests: number;
  /** How late the event loop may be before requests are refused for a while; `0`: however late. */
  readonly maxEventLoopDelayMs: number;
}

/** The limits the service runs with. Tests set others. */
export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  // Longer than the minute after which gateways usually let go of a connection.
  keepAliveTimeoutMs: 72_000,
  silenceTimeoutMs: 120_000,
  checkIntervalMs: 1_000,
  lingerMs: 1_000,
  drainMs: 250,
  shutdownGraceMs: 10_000,
  maxBodyBytes: 1_048_576,
  maxPipelinedRequests: 16,
  maxPendingRequests: 1_000,
  maxEventLoopDelayMs: 1_000,
};
