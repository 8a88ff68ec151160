import type { Clock } from './clock.js';
import type { ConfigDocument } from './config-document.js';
import type { ConfigFile } from './config-file.js';
import { ConfigError } from './errors.js';
import { KeychainError } from './keychain/keychain.js';
import type { KeychainTokens } from './keychain/keychain-tokens.js';
import type { StoredContext } from './stored-context.js';
import type { TokenStore } from './stored-preferences.js';
import type { KeychainSignIn, StoredCredentials, StoredTokens } from './user-entry.js';

/** What a {@link CredentialStore} needs beside the file. */
export interface CredentialStoreOptions {
  readonly clock: Clock;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told when tokens cannot be kept where they should be, or stay where they should not. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** @default process.platform */
  readonly platform?: string | undefined;
}

/** A sign-in that is to be stored. */
export interface NewSignIn {
  readonly credentials: StoredCredentials;
  readonly tokenStore: TokenStore;
}

/**
 * The sign-ins of a configuration file, whose tokens are in it or in the keychain of the operating system. What changes both is
 * done under the file's lock, the keychain first; a keychain that does not keep the tokens leaves them to the file.
 */
export class CredentialStore {
  private opened: Promise<KeychainTokens> | undefined;

  constructor(
    private readonly configFile: ConfigFile,
    private readonly options: CredentialStoreOptions,
  ) {}

  /**
   * A context with its tokens, wherever they are; without `credentials` if there are none.
   * @throws {ConfigError} when the file or the keychain cannot be read.
   */
  async read(contextName: string): Promise<StoredContext> {
    for (;;) {
      const context = await this.contextOf(contextName);
      const { keychain } = context;
      if (!keychain) return context;
      const credentials = await this.credentialsIn(keychain);
      if (credentials) return { ...context, credentials };
      // A sign-in of another process may have put them elsewhere meanwhile.
      if ((await this.contextOf(contextName)).keychain?.item === keychain.item) return context;
    }
  }

  /**
   * The tokens of a context as the file has it, for a change that is under way.
   * @throws {ConfigError} when the keychain cannot be read.
   */
  async credentialsOf({ credentials, keychain }: StoredContext): Promise<StoredCredentials | undefined> {
    return keychain ? this.credentialsIn(keychain) : credentials;
  }

  /**
   * Stores a sign-in in place of the one that is there.
   * @param change Prepares the context.
   * @throws {ConfigError} when the file cannot be written; then the old sign-in is still there.
   */
  async save(contextName: string, change: (document: ConfigDocument) => NewSignIn | Promise<NewSignIn>): Promise<void> {
    const replaced = await this.configFile.update(async (document) => {
      const { credentials, tokenStore } = await change(document);
      document.separateUser(contextName);
      const before = document.context(contextName)?.keychain;
      const item = tokenStore === 'keychain' ? await this.putNew(document, contextName, credentials) : undefined;
      document.setCredentials(contextName, credentials, item);
      return before;
    });
    if (replaced) await this.remove(replaced);
  }

  /** Stores refreshed tokens where the old ones are. Somebody who signed out or in meanwhile has the last word. */
  async saveRefreshed(contextName: string, old: StoredCredentials, renewed: StoredCredentials): Promise<void> {
    await this.amend(contextName, old, (current) => (current.token === old.token ? renewed : undefined));
  }

  /** Forgets a refresh token if it is one of the dead, and notes it; the rest of the sign-in stays. */
  async dropRefreshToken(contextName: string, dead: readonly (string | undefined)[]): Promise<void> {
    await this.amend(contextName, undefined, ({ refreshToken, ...rest }) =>
      dead.includes(refreshToken) ? { ...rest, endedAt: this.options.clock.now() } : undefined,
    );
  }

  /** Signs a context out: its user entry stays, without anything secret. */
  async clear(contextName: string): Promise<void> {
    await this.configFile.update(async (document) => {
      const keychain = document.context(contextName)?.keychain;
      if (keychain) await this.remove(keychain);
      document.clearCredentials(contextName);
    });
  }

  /** Signs everybody out, also users that no context names. */
  async clearAll(): Promise<void> {
    await this.configFile.update(async (document) => {
      for (const signIn of document.keychainSignIns) await this.remove(signIn);
      document.clearAllCredentials();
    });
  }

  /**
   * Sets where a context's tokens are kept, and moves those that are there.
   * @param change Prepares the context.
   * @returns whether they are there, or can be when there are none yet; if not, it was told why
   */
  async move(
    contextName: string,
    tokenStore: TokenStore,
    change: (document: ConfigDocument) => void,
  ): Promise<boolean> {
    let isGood = true;
    const left = await this.configFile.update(async (document) => {
      change(document);
      document.setTokenStore(contextName, tokenStore);
      const { credentials, keychain } = document.context(contextName) ?? {};
      if (tokenStore === 'file') return keychain && this.takeOut(document, contextName, keychain);
      if (keychain) return undefined;
      const item = await this.putNew(document, contextName, credentials ?? { token: 'none yet' });
      isGood = item !== undefined;
      if (credentials && item !== undefined) document.setCredentials(contextName, credentials, item);
      else if (item !== undefined) await this.remove({ userName: document.userNameOf(contextName), item, noted: {} });
      return undefined;
    });
    if (left) await this.remove(left);
    return isGood;
  }

  private async contextOf(name: string): Promise<StoredContext> {
    return (await this.configFile.read()).context(name) ?? { name };
  }

  private async credentialsIn(signIn: KeychainSignIn): Promise<StoredCredentials | undefined> {
    try {
      const tokens = await (await this.keychain()).read(signIn);
      return tokens && { ...tokens, ...signIn.noted };
    } catch (error) {
      if (error instanceof KeychainError) throw unreadable(error);
      throw error;
    }
  }

  /** @param ifUnreadable What to take for the present sign-in when the keychain does not tell; without it nothing is done. */
  private async amend(
    contextName: string,
    ifUnreadable: StoredCredentials | undefined,
    change: (current: StoredCredentials) => StoredCredentials | undefined,
  ): Promise<void> {
    const left = await this.configFile.update(async (document) => {
      const context = document.context(contextName);
      if (!context) return undefined;
      const current = await this.credentialsOf(context).catch((error: unknown) => {
        if (error instanceof ConfigError) return undefined;
        throw error;
      });
      // Who signs out takes them out of the file as well: while that names them, they are only out of sight.
      const known = current ?? (context.keychain ? ifUnreadable : undefined);
      const changed = known && change(known);
      if (!changed) return undefined;
      const { keychain } = context;
      const item = keychain && (await this.put(() => keychain.item, changed));
      document.setCredentials(contextName, changed, item);
      return item === undefined ? keychain : undefined;
    });
    if (left) await this.remove(left);
  }

  private async putNew(document: ConfigDocument, name: string, tokens: StoredTokens): Promise<string | undefined> {
    const taken = document.context(name)?.keychain?.item;
    return this.put((keychain) => keychain.accountFor(document.userNameOf(name), taken), tokens);
  }

  /** @returns the tokens' account, or `undefined` when the keychain does not keep them. */
  private async put(account: (keychain: KeychainTokens) => string, tokens: StoredTokens): Promise<string | undefined> {
    try {
      const keychain = await this.keychain();
      const item = account(keychain);
      await keychain.write(item, tokens);
      return item;
    } catch (error) {
      if (!(error instanceof KeychainError)) throw error;
      this.warn(
        `The tokens are kept in ${this.configFile.path}, because the OS keychain cannot be used: ${error.message}. ${error.advice}. To try again, run: nemo config set --token-store keychain; to keep them in the file: nemo config set --token-store file`,
      );
      return undefined;
    }
  }

  /** @returns what the keychain need not keep any more */
  private async takeOut(
    document: ConfigDocument,
    name: string,
    signIn: KeychainSignIn,
  ): Promise<KeychainSignIn | undefined> {
    try {
      const credentials = await this.credentialsIn(signIn);
      if (credentials) document.setCredentials(name, credentials);
      else document.clearCredentials(name);
      return signIn;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.warn(`The present sign-in stays where it is. ${error.message}`);
      return undefined;
    }
  }

  private async remove(signIn: KeychainSignIn): Promise<void> {
    let keychain: KeychainTokens | undefined;
    try {
      keychain = await this.keychain();
      await keychain.remove(signIn);
    } catch (error) {
      if (!(error instanceof KeychainError)) throw error;
      const advice = keychain ? `To remove them later, run: ${keychain.removeCommand(signIn)}` : error.advice;
      this.warn(`Old tokens may still be in the OS keychain: ${error.message}. ${advice}`);
    }
  }

  /** Loaded by those alone whose tokens are there. */
  private keychain(): Promise<KeychainTokens> {
    const { clock, env = process.env, platform } = this.options;
    this.opened ??= import('./keychain/keychain-tokens.js').then(({ KeychainTokens: Tokens }) =>
      Tokens.open({ env, clock }, this.configFile.path, platform),
    );
    return this.opened;
  }

  private warn(message: string): void {
    this.options.onWarning?.(message);
  }
}

function unreadable(error: KeychainError): ConfigError {
  return new ConfigError(
    `The tokens are in the OS keychain, and it cannot be used: ${error.message}. ${error.advice}, or keep them in the file from now on: nemo config set --token-store file, then run: nemo auth login`,
    { cause: error },
  );
}
