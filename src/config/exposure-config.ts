import { isIP } from 'node:net';
import { holdEverybody } from './address-ranges.js';
import type { Settings } from './file-settings.js';

/** From where the service may be asked, and how often. */
export interface ExposureConfig {
  /** Addresses and ranges of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** The pages in browsers that may read answers, by their origin. */
  readonly corsOrigins: readonly string[];
  readonly rateLimit: RateLimitConfig | false;
}

/** How often one client may ask, by its address. */
export interface RateLimitConfig {
  /** Of the endpoints that anybody may use. */
  readonly publicRequestsPerMinute: number;
  /** With no token, or with one that is not accepted. */
  readonly failuresPerMinute: number;
}

/** Checks the settings below `server`, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function exposureConfigOf(settings: Settings | undefined, problems: string[]): ExposureConfig {
  const {
    trusted_proxies: trustedProxies = [],
    cors,
    rate_limit: rateLimit,
  } = (settings ?? {}) as {
    trusted_proxies?: string[]; // by the tree of settings
    cors?: { origins?: string[] };
    rate_limit?: false | { public_requests_per_minute?: number; failures_per_minute?: number };
  };
  const corsOrigins = cors?.origins ?? [];
  if (!trustedProxies.every(isAddressOrRange)) {
    problems.push('server.trusted_proxies must be addresses, or ranges of them like 10.0.0.0/8');
  } else if (holdEverybody(trustedProxies)) {
    problems.push('server.trusted_proxies must not hold every address: each client could say that it is another');
  }
  if (!corsOrigins.every(isOrigin)) problems.push('server.cors.origins must be origins like https://app.example.com');
  return Object.freeze({
    trustedProxies: Object.freeze([...trustedProxies]),
    corsOrigins: Object.freeze([...corsOrigins]),
    rateLimit: rateLimit === false ? false : rateLimitConfigOf(rateLimit ?? {}, problems),
  });
}

function rateLimitConfigOf(
  settings: { public_requests_per_minute?: number; failures_per_minute?: number },
  problems: string[],
): RateLimitConfig {
  const { public_requests_per_minute: publicRequestsPerMinute = 600, failures_per_minute: failuresPerMinute = 300 } =
    settings;
  const limits = { public_requests_per_minute: publicRequestsPerMinute, failures_per_minute: failuresPerMinute };
  for (const [name, limit] of Object.entries(limits)) {
    const isRight = limit >= 1 && limit <= 1_000_000;
    if (!isRight) problems.push(`server.rate_limit.${name} must be between 1 and 1000000`);
  }
  return Object.freeze({ publicRequestsPerMinute, failuresPerMinute });
}

/** Never every address: then each client could say that it is another. */
function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

/** As browsers write it: without path, default port, or capitals. A star would open the service to every page. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.origin === text;
}
