import { isLoopbackHost } from './issuers.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that requests to an address go through, or `undefined` for none. What is meant for this machine goes through
 * none, whatever the environment says: tokens travel to it unencrypted.
 * @throws {TypeError} when the environment names something that is no proxy.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  if (isLoopbackHost(url.hostname) || isExempt(url, variable(env, 'no_proxy'))) return undefined;
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = variable(env, name) ?? variable(env, 'all_proxy');
  if (proxy === undefined) return undefined;
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  // Not repeated: it may hold a password.
  throw new TypeError(`${name.toUpperCase()} names no http or https proxy. Correct it, or unset it`);
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

/** Entries are hosts, with their subdomains, or hosts with a port; `*` is every host. */
function isExempt({ hostname, port, protocol }: URL, list = ''): boolean {
  const host = hostname.toLowerCase();
  const usedPort = port === '' ? { 'https:': '443', 'http:': '80' }[protocol] : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', wantedPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== usedPort) return false;
      return entry === '*' || host === name || (name !== '' && host.endsWith(`.${name}`));
    });
}
