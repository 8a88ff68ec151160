import type * as OidcProviderModule from 'oidc-provider';
import type { Logger } from '../logger.js';

/** The module `oidc-provider`, as its own types describe it. */
export type OidcProvider = typeof OidcProviderModule;

/**
 * Loads `oidc-provider` without the warning it prints while it is evaluated on Node 20; one calm line stands for it.
 * What anybody else prints meanwhile still comes through.
 */
export async function loadOidcProvider(logger: Logger): Promise<OidcProvider> {
  const output = globalThis.console;
  const { warn } = output;
  let isSilenced = false;
  output.warn = (...values: unknown[]): void => {
    if (String(values[0]).includes('oidc-provider WARNING: Unsupported runtime')) isSilenced = true;
    else warn(...values);
  };
  try {
    return await import('oidc-provider');
  } finally {
    output.warn = warn;
    if (isSilenced)
      logger.info(`oidc-provider recommends Node 22; Node ${process.versions.node} is fine for development`);
  }
}
