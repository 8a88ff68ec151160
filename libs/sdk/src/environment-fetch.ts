import { proxyFor } from '@nmp/tokens';
import type { Dispatcher } from 'undici';
import { ConfigError } from './errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The fetch for an environment: through the proxies it names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), trusting the
 * certificates of `NMP_CLIENT_SSL_CERT_FILE` beside the usual ones. Where it names neither, the global one.
 * @throws {ConfigError} by the first request, when a proxy or the file of certificates cannot be used.
 */
export function environmentFetch(env: Environment): typeof fetch {
  const certificateFile = env.NMP_CLIENT_SSL_CERT_FILE || undefined;
  const routes = new Map<string, Promise<Dispatcher>>();
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = proxyOf(url, env);
    if (proxy === undefined && certificateFile === undefined) return fetch(input, init);
    const key = proxy ?? 'direct';
    const route = routes.get(key) ?? dispatcherFor(proxy, certificateFile);
    routes.set(key, route);
    const undici = await import('undici');
    const options = { ...init, dispatcher: await route } as Parameters<typeof undici.fetch>[1];
    // Not the global fetch: it is an older copy of this one, and takes no other copy's dispatcher.
    return undici.fetch(url, options);
  };
}

function proxyOf(url: URL, env: Environment): string | undefined {
  try {
    return proxyFor(url, env);
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function dispatcherFor(proxy: string | undefined, certificateFile: string | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const tls = certificateFile === undefined ? {} : { ca: await certificatesOf(certificateFile) };
  return proxy === undefined
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls });
}

async function certificatesOf(file: string): Promise<string[]> {
  const [{ readFile }, { rootCertificates }] = await Promise.all([import('node:fs/promises'), import('node:tls')]);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, `cannot be read (${error.code ?? error.message})`);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unusable(file, 'holds no certificate in PEM form');
  return [...rootCertificates, text];
}

function unusable(file: string, problem: string): ConfigError {
  return new ConfigError(`NMP_CLIENT_SSL_CERT_FILE names ${file}, which ${problem}. Correct it, or unset it`);
}
