import { proxyFor } from '@nmp/tokens';
import type { Dispatcher } from 'undici';
import type { CertificateAuthority } from './certificate-authority.js';
import { certificatesOf } from './certificate-authority.js';
import { ConfigError } from './errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds whom to trust beside the usual certificate authorities. */
export type AuthorityFinder = () => Promise<CertificateAuthority | undefined>;

/**
 * The fetch for an environment: through the proxies it names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), trusting the
 * certificates of `NMP_CLIENT_SSL_CERT_FILE` beside the usual ones. Where it names neither, the global one.
 * @param findAuthority Asked by the first request, unless the environment names certificates.
 * @throws {ConfigError} by the first request, when a proxy or the certificates cannot be used.
 */
export function environmentFetch(env: Environment, findAuthority?: AuthorityFinder): typeof fetch {
  const routes = new Map<string, Promise<Dispatcher>>();
  let found: Promise<string | undefined> | undefined;
  const certificates = async (): Promise<string | undefined> => {
    found ??= findCertificates(env, findAuthority);
    try {
      return await found;
    } catch (error) {
      found = undefined; // it may be corrected while the program runs
      throw error;
    }
  };
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = proxyOf(url, env);
    const trusted = await certificates();
    if (proxy === undefined && trusted === undefined) return fetch(input, init);
    const key = proxy ?? 'direct';
    const route = routes.get(key) ?? dispatcherFor(proxy, trusted, env);
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

async function findCertificates(env: Environment, findAuthority?: AuthorityFinder): Promise<string | undefined> {
  const file = env.NMP_CLIENT_SSL_CERT_FILE || undefined;
  const authority = file === undefined ? await findAuthority?.() : { setting: 'NMP_CLIENT_SSL_CERT_FILE', file };
  return authority && certificatesOf(authority);
}

async function dispatcherFor(
  proxy: string | undefined,
  certificates: string | undefined,
  env: Environment,
): Promise<Dispatcher> {
  const [{ Agent, ProxyAgent }, { rootCertificates }] = await Promise.all([import('undici'), import('node:tls')]);
  const tls =
    certificates === undefined ? {} : { ca: [...rootCertificates, ...(await extraCertificates(env)), certificates] };
  return proxy === undefined
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls });
}

/** What Node itself trusts beside its own list, which it no longer does where it is given another list. */
async function extraCertificates({ NODE_EXTRA_CA_CERTS: file }: Environment): Promise<string[]> {
  if (!file) return [];
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch(() => ''); // Node has warned of it already
  return text.includes('-----BEGIN CERTIFICATE-----') ? [text] : [];
}
