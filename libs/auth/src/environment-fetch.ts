import { rootCertificates } from 'node:tls';
import { proxyFor } from '@nmp/tokens';
import type { Dispatcher } from 'undici';
import type { FetchFunction } from './auth-options.js';

/** What the way to other servers depends on. */
export interface EnvironmentFetchOptions {
  /** Certificates in PEM that are trusted beside the usual ones. `NODE_EXTRA_CA_CERTS` then counts no more. */
  readonly ca?: string | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * A `fetch` that goes through the proxy of `HTTPS_PROXY` or `HTTP_PROXY`, but to the hosts of `NO_PROXY` and to this
 * machine straight. Without a proxy and certificates of its own it is the global one; the library that knows proxies is
 * loaded only when it is needed.
 */
export function environmentFetch({ ca, env = process.env }: EnvironmentFetchOptions = {}): FetchFunction {
  const routes = new Map<string | undefined, Promise<Dispatcher>>();
  return async (url, init) => {
    const proxy = proxyFor(new URL(url), env);
    if (proxy === undefined && ca === undefined) return fetch(url, init);
    const route = routes.get(proxy) ?? dispatcherFor(proxy, ca);
    routes.set(proxy, route);
    const undici = await import('undici');
    // Its types and the global ones describe one standard, each in its own words.
    const untyped = undici.fetch as unknown as (url: string, init: object) => Promise<Response>;
    return untyped(url, { ...init, dispatcher: await route });
  };
}

async function dispatcherFor(proxy: string | undefined, ca: string | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const tls = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  return proxy === undefined
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls });
}
