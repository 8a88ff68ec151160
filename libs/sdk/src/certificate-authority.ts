import { dirname, resolve } from 'node:path';
import type { YAMLMap } from 'yaml';
import { ConfigError } from './errors.js';

/** Certificates to trust beside the usual ones: a file of them, or they themselves. */
export type CertificateAuthority = {
  /** The setting that names them, for messages. */
  readonly setting: string;
} & ({ readonly file: string } | { readonly data: string });

const keys = { data: 'certificate_authority_data', file: 'certificate_authority' } as const;
const begin = '-----BEGIN CERTIFICATE-----';

/**
 * What a cluster of the configuration file names: PEM text, in base64 or not, before a file of it, whose path begins where the
 * configuration file is.
 */
export function readCertificateAuthority(cluster: YAMLMap, path: string): CertificateAuthority | undefined {
  const setting = (key: string): string => `${key} of the cluster "${String(cluster.get('name'))}" in ${path}`;
  const data = cluster.get(keys.data);
  if (typeof data === 'string' && data !== '') return { setting: setting(keys.data), data };
  const file = cluster.get(keys.file);
  if (typeof file !== 'string' || file === '') return undefined;
  return { setting: setting(keys.file), file: resolve(dirname(path), file) };
}

/** Forgets it: it was for another server. */
export function eraseCertificateAuthority(cluster: YAMLMap): void {
  for (const key of Object.values(keys)) cluster.delete(key);
}

/**
 * The certificates in PEM form.
 * @throws {ConfigError} when there are none.
 */
export async function certificatesOf(authority: CertificateAuthority): Promise<string> {
  if ('data' in authority) {
    const { setting, data } = authority;
    const text = data.includes(begin) ? data : Buffer.from(data, 'base64').toString('latin1');
    if (text.includes(begin)) return text;
    throw new ConfigError(`The ${setting} holds no certificate in PEM form. Correct it, or unset it`);
  }
  const { setting, file } = authority;
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(setting, file, `cannot be read (${error.code ?? error.message})`);
  });
  if (!text.includes(begin)) throw unusable(setting, file, 'holds no certificate in PEM form');
  return text;
}

function unusable(setting: string, file: string, problem: string): ConfigError {
  return new ConfigError(`${setting} names ${file}, which ${problem}. Correct it, or unset it`);
}
