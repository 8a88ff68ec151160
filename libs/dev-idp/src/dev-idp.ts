import { AccountDirectory } from './accounts/account-directory.js';
import { builtInAccounts } from './accounts/account.js';
import { readAccountsFile } from './accounts/accounts-file.js';
import { ClientDirectory } from './accounts/client-directory.js';
import type { DevIdpOptions } from './dev-idp-options.js';
import { tokenSettings } from './dev-idp-options.js';
import { DevIdpError } from './errors.js';
import { silentLogger } from './logger.js';
import { LoopbackServer } from './loopback-server.js';
import { createProvider } from './provider/create-provider.js';
import { loadOidcProvider } from './provider/load-oidc-provider.js';
import { openProviderData } from './state/data-directory.js';
import type { ProviderData } from './state/data-directory.js';

/**
 * A real OpenID Connect provider for one machine.
 * @example
 * const idp = await DevIdp.start();
 * // … sign in at idp.issuer …
 * await idp.close();
 */
export class DevIdp {
  private constructor(
    /** The `iss` of every token; discovery is at `{issuer}/.well-known/openid-configuration`. */
    readonly issuer: string,
    /** The port the provider listens on. */
    readonly port: number,
    private readonly server: LoopbackServer,
    private readonly data: ProviderData,
  ) {}

  /** Starts a provider. @throws {DevIdpError} saying in one line why it cannot. */
  static async start(options: DevIdpOptions = {}): Promise<DevIdp> {
    const host = options.host ?? '127.0.0.1';
    // Callers without types too are held to the loopback.
    if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
      throw new DevIdpError(`host ${JSON.stringify(host)} is refused: only localhost, 127.0.0.1 and ::1 are allowed`);
    }
    if (options.issuer !== undefined) assertOrigin(options.issuer);
    const file = options.accountsFile === undefined ? undefined : await readAccountsFile(options.accountsFile);
    const accounts = new AccountDirectory(options.accounts ?? file?.accounts ?? builtInAccounts);
    const clients = new ClientDirectory(options.clients ?? file?.clients ?? []);
    const logger = options.logger ?? silentLogger;
    const oidc = await loadOidcProvider(logger);
    const data = await openProviderData(options.dataDir, logger);
    let server: LoopbackServer | undefined;
    try {
      server = await LoopbackServer.listen(host, options.port ?? 0);
      const issuer = options.issuer ?? `http://${host === '::1' ? '[::1]' : host}:${server.port}`;
      const { keys, store } = data;
      const tokens = tokenSettings(options);
      const provider = createProvider({ oidc, issuer, keys, store, accounts, clients, tokens, logger });
      const handle = provider.callback();
      server.serve((request, response) => void handle(request, response));
      return new DevIdp(issuer, server.port, server, data);
    } catch (error) {
      await server?.close();
      await data.close();
      throw error;
    }
  }

  /**
   * Ends every connection and leaves the data directory to the next process.
   * @throws {DevIdpError} when the last state cannot be written
   */
  async close(): Promise<void> {
    await this.server.close();
    await this.data.close();
  }
}

function assertOrigin(issuer: string): void {
  const isOrigin =
    URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol) && new URL(issuer).origin === issuer;
  if (!isOrigin) {
    throw new DevIdpError(
      `issuer ${JSON.stringify(issuer)} must be http(s)://host[:port] without a path or a final slash`,
    );
  }
}
