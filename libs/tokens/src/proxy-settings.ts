/** Which requests go through which proxy, in the words of undici's `EnvHttpProxyAgent`. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

// Servers on this machine are never behind the proxy, whatever the environment says of it.
const loopback = 'localhost,127.0.0.1,[::1]';

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; in small letters they are read first.
 * @returns `undefined` when nothing goes through a proxy.
 */
export function proxySettingsOf(env: Readonly<Record<string, string | undefined>>): ProxySettings | undefined {
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? '';
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? httpProxy;
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? '';
  if (noProxy.trim() === '*' || httpProxy + httpsProxy === '') return undefined;
  return { httpProxy, httpsProxy, noProxy: `${noProxy},${loopback}` };
}
