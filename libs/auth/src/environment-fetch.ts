import { rootCertificates } from 'node:tls';
import { isLoopbackHost, proxySettingsOf } from '@nmp/tokens';
import type { FetchFunction } from './auth-options.js';

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
  const proxy = proxySettingsOf(env);
  if (proxy === undefined && ca === undefined) return (url, init) => fetch(url, init);

  let loading: Promise<FetchFunction> | undefined;
  const load = async (): Promise<FetchFunction> => {
    const { Agent, EnvHttpProxyAgent, fetch: fetchWith } = await import('undici');
    const connect = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    const straight = new Agent({ connect });
    const throughProxy = proxy && new EnvHttpProxyAgent({ ...proxy, connect, requestTls: connect, proxyTls: connect });
    // Its types and the global ones describe one standard, each in its own words.
    const untyped = fetchWith as unknown as (url: string, init: object) => Promise<Response>;
    return (url, init) => {
      // This machine has more addresses than a list of hosts could name.
      const isHere = isLoopbackHost(new URL(url).hostname);
      return untyped(url, { ...init, dispatcher: isHere ? straight : (throughProxy ?? straight) });
    };
  };
  return async (url, init) => {
    loading ??= load();
    return (await loading)(url, init);
  };
}
