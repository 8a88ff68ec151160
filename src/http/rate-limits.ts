import { isIP } from 'node:net';
import type { Clock } from '@nmp/auth';
import type { FastifyRequest } from 'fastify';
import type { RateLimitConfig } from '../config/exposure-config.js';
import { clientAddress } from './client-address.js';
import { clientNetwork } from './client-network.js';
import { MinuteCounter } from './minute-counter.js';

/** What anybody may use, and what costs work: by the pattern of the route. */
const publicRoutes: ReadonlySet<string> = new Set([
  '/apis/auth/discovery',
  '/apis/auth/jwks',
  '/apis/auth/.well-known/openid-configuration',
  '/apis/auth/token',
  '/.well-known/oauth-protected-resource',
]);

/** What a gateway asks for its clients: whoever fails there is not at the address that asks. */
const gatewayRoutes = /^\/apis\/auth\/(?:authenticate|ext-authz(?:-hop)?)(?:\/|$)/;

/**
 * Limits how often one client may ask without being anybody. A token that is accepted is never refused for what others at
 * the same address do.
 */
export class RateLimits {
  private readonly requests: MinuteCounter;
  private readonly failures: MinuteCounter;

  constructor({ publicRequestsPerMinute, failuresPerMinute }: RateLimitConfig, clock: Clock) {
    this.requests = new MinuteCounter(publicRequestsPerMinute, clock);
    this.failures = new MinuteCounter(failuresPerMinute, clock);
  }

  /** Counts a request. @returns how many seconds its sender has to wait, if it came too soon. */
  begun(request: FastifyRequest): number | undefined {
    return publicRoutes.has(routeOf(request)) ? this.requests.add(clientOf(request)) : undefined;
  }

  /** Counts a request whose credentials are refused, or that has none where some are needed. @returns as {@link begun} */
  refused(request: FastifyRequest): number | undefined {
    return gatewayRoutes.test(routeOf(request)) ? undefined : this.failures.add(clientOf(request));
  }
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? '';
}

/** What a proxy passes on need not be an address. */
function clientOf(request: FastifyRequest): string {
  const address = clientAddress(request);
  return clientNetwork(isIP(address) === 0 ? (request.socket.remoteAddress ?? '') : address);
}
