import { isUnsignedToken } from '@nmp/tokens';
import { parseBaseUrl } from './base-url.js';
import type { Clock } from './clock.js';
import type { ConfigFile } from './config-file.js';
import { CredentialStore } from './credential-store.js';
import { discoverPlatform } from './discovery.js';
import { ConfigError, NeMoError, SignedInElsewhereError, SignInError, SignInRequiredError } from './errors.js';
import { withGracePeriod } from './grace-period.js';
import { GrantError } from './grants/grant-error.js';
import { refreshGrant } from './grants/refresh-grant.js';
import type { HttpContext } from './http-context.js';
import { identityProviderOf } from './identity-provider-of.js';
import { withSignInLock } from './sign-in-lock.js';
import { notSignedInTo } from './sign-in-required.js';
import { shellWord } from './shell-word.js';
import type { StoredContext } from './stored-context.js';
import { isSignedIn } from './stored-context.js';
import { refreshedCredentials } from './stored-credentials.js';
import type { TokenLife } from './token-life.js';
import { isExpired, isNearExpiry, lifeOfToken } from './token-life.js';
import type { TokenSource } from './token-source.js';
import { renewedUnsigned } from './unsigned-sign-in.js';
import type { StoredCredentials } from './user-entry.js';

const INTERRUPTION_GRACE_MS = 1000;

/** What a {@link StoredTokenSource} needs. */
export interface StoredTokenSourceOptions {
  readonly configFile: ConfigFile;
  readonly contextName: string;
  /** The platform that the token is for. When the context is signed in to another one by then, its token is not given out. */
  readonly baseUrl: string;
  /** The command that signs in again. @default nemo auth login */
  readonly signInCommand?: string | undefined;
  readonly http: HttpContext;
  readonly clock: Clock;
  /** A token with less than this left is renewed before use. */
  readonly marginSeconds: number;
  /** Whether a token that is about to end, or was refused, is renewed without being asked to. @default true */
  readonly autoRefresh?: boolean | undefined;
  readonly clientSecret?: string | undefined;
  /** Told what went wrong without stopping the request. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The token that a sign-in stored, renewed when it is about to end. Any number of callers and processes cause one refresh:
 * whoever gets the user's lock first asks, everybody else finds the new token in the file.
 */
export class StoredTokenSource implements TokenSource {
  private held: StoredCredentials | undefined;
  private renewal: Promise<StoredCredentials> | undefined;
  private readonly store: CredentialStore;

  constructor(private readonly options: StoredTokenSourceOptions) {
    this.store = new CredentialStore(options.configFile, options);
  }

  /**
   * @throws {SignInRequiredError} when the token has ended and cannot be renewed.
   * @throws {SignedInElsewhereError} when the context is signed in to another platform by now.
   * @throws {SignInError} when it has ended and the provider cannot be asked now.
   */
  async accessToken(): Promise<string | undefined> {
    if (!this.held || this.isStale(this.held)) {
      const context = await this.load();
      if (context.keychain && !context.credentials) throw notSignedInTo(context, this.options.signInCommand);
      this.held = context.credentials;
    }
    if (!this.held || !this.isStale(this.held)) return this.held?.token;
    if (this.options.autoRefresh === false) return this.asItIs(this.held);
    return this.renewOrKeep(this.held);
  }

  /** @throws {SignedInElsewhereError} when the context is signed in to another platform by now. */
  async replacementFor(refused: string): Promise<string | undefined> {
    if (this.options.autoRefresh === false || isUnsignedToken(refused)) return undefined;
    const renewed = await this.renew(refused).catch((error: unknown) => {
      if (error instanceof SignedInElsewhereError) throw error;
      if (error instanceof SignInError || error instanceof SignInRequiredError) return undefined;
      throw error;
    });
    return renewed?.token;
  }

  /**
   * Renews the token even if it is still good. This alone renews an unsigned one, which nobody has to be asked for.
   * @throws {SignInRequiredError} when there is nothing to renew, or the provider no longer accepts the refresh token.
   */
  async refresh(): Promise<StoredCredentials> {
    const context = await this.load();
    const { credentials } = context;
    if (!credentials) throw notSignedInTo(context, this.options.signInCommand);
    return this.renew(credentials.token);
  }

  private asItIs(credentials: StoredCredentials): string {
    if (!isExpired(this.lifeOf(credentials), this.options.clock.now())) return credentials.token;
    if (isUnsignedToken(credentials.token)) throw unsignedExpired();
    if (credentials.refreshToken === undefined)
      throw this.signInRequired('The token has expired, and no refresh token is available.');
    throw new SignInError('token_expired', 'The token has expired and is not to be refreshed. Run: nemo auth refresh');
  }

  private async renewOrKeep(stale: StoredCredentials): Promise<string> {
    const isUsable = !isExpired(this.lifeOf(stale), this.options.clock.now());
    if (isUsable && stale.refreshToken === undefined) return stale.token;
    if (isUnsignedToken(stale.token)) throw unsignedExpired();
    try {
      return (await this.renew(stale.token)).token;
    } catch (error) {
      if (!(error instanceof NeMoError) || !isUsable) throw error;
      this.options.onWarning?.(`The token could not be refreshed yet. ${error.message}`);
      return stale.token;
    }
  }

  /** One renewal at a time: callers that come while it runs get its result. */
  private async renew(unwanted: string): Promise<StoredCredentials> {
    const { configFile, contextName } = this.options;
    this.renewal ??= withSignInLock(
      configFile,
      contextName,
      () => this.renewLocked(unwanted),
      this.options.http.signal,
    ).finally(() => {
      this.renewal = undefined;
    });
    this.held = await this.renewal;
    return this.held;
  }

  private async renewLocked(unwanted: string): Promise<StoredCredentials> {
    const context = await this.load();
    const current = context.credentials;
    if (!current) throw notSignedInTo(context, this.options.signInCommand);
    if (current.token !== unwanted && !this.isStale(current)) return current;
    try {
      return await this.exchange(context, current);
    } catch (error) {
      if (!(error instanceof GrantError) || error.code !== 'invalid_grant') throw error;
      return this.afterInvalidGrant(current, error);
    }
  }

  /** Somebody who does not take our lock may have renewed the token: look once more before giving up. */
  private async afterInvalidGrant(used: StoredCredentials, refusal: GrantError): Promise<StoredCredentials> {
    const context = await this.load();
    const { credentials } = context;
    if (credentials && credentials.token !== used.token && !this.isStale(credentials)) return credentials;
    const dead = [used.refreshToken];
    if (credentials?.refreshToken !== undefined && credentials.refreshToken !== used.refreshToken) {
      try {
        return await this.exchange(context, credentials);
      } catch (error) {
        if (!(error instanceof GrantError) || error.code !== 'invalid_grant') throw error;
        dead.push(credentials.refreshToken);
      }
    }
    await this.store.dropRefreshToken(context.name, dead);
    throw this.signInRequired('The sign-in has ended: the identity provider no longer accepts it.', refusal);
  }

  private async exchange(context: StoredContext, credentials: StoredCredentials): Promise<StoredCredentials> {
    const { http, clock, clientSecret } = this.options;
    const { refreshToken } = credentials;
    const unsigned = renewedUnsigned(credentials, clock);
    if (unsigned !== undefined) {
      await this.keep(context.name, credentials, unsigned);
      return unsigned;
    }
    if (refreshToken === undefined) {
      throw this.signInRequired('The token has to be renewed and no refresh token is available.');
    }
    if (context.baseUrl === undefined) throw notSignedInTo(context, this.options.signInCommand);
    const { oidc } = await discoverPlatform(context.baseUrl, http);
    if (!oidc)
      throw new SignInError(
        'oidc_not_configured',
        `${context.baseUrl} has no identity provider now. Ask its administrator`,
      );
    if (credentials.issuer !== undefined && credentials.issuer !== oidc.issuer) {
      throw this.signInRequired(`${context.baseUrl} now uses another identity provider (${oidc.issuer}).`);
    }
    if (
      credentials.tokenEndpoint !== undefined &&
      oidc.tokenEndpoint !== undefined &&
      credentials.tokenEndpoint !== oidc.tokenEndpoint
    ) {
      throw this.signInRequired(`${context.baseUrl} now names another address for the tokens of ${oidc.issuer}.`);
    }
    // The provider does what the refresh token allows: for which API it is asked is for the person who signed in to say.
    if (credentials.resource !== oidc.loginParameters?.resource) {
      throw this.signInRequired(`${context.baseUrl} now wants tokens for another "resource" of ${oidc.issuer}.`);
    }
    const provider = identityProviderOf(oidc, { clientId: credentials.clientId, clientSecret }, http, clock);
    // The request may use the refresh token up, so an answer on its way is waited for a little, and stored in any case.
    const tokens = await withGracePeriod(http.signal, INTERRUPTION_GRACE_MS, clock, (signal) =>
      refreshGrant({ ...provider, http: { ...http, signal } }, refreshToken),
    );
    const renewed = refreshedCredentials(credentials, tokens, clock.now());
    await this.keep(context.name, credentials, renewed);
    return renewed;
  }

  /** A new token that cannot be stored still serves this process. */
  private async keep(name: string, old: StoredCredentials, renewed: StoredCredentials): Promise<void> {
    try {
      await this.store.saveRefreshed(name, old, renewed);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.options.onWarning?.(`The refreshed token could not be stored. ${error.message}`);
    }
  }

  /** The sign-in as it is stored now, which may be another one than before. */
  private async load(): Promise<StoredContext> {
    const context = await this.store.read(this.options.contextName);
    const { baseUrl } = this.options;
    const stored = context.baseUrl === undefined ? undefined : parseBaseUrl(context.baseUrl);
    if (isSignedIn(context) && stored !== baseUrl) throw signedInElsewhere(context.name, stored, baseUrl);
    return context;
  }

  private signInRequired(reason: string, cause?: unknown): SignInRequiredError {
    return new SignInRequiredError(reason, { command: this.options.signInCommand, cause });
  }

  private isStale(credentials: StoredCredentials): boolean {
    return isNearExpiry(this.lifeOf(credentials), this.options.clock.now(), this.options.marginSeconds);
  }

  private lifeOf(credentials: StoredCredentials): TokenLife {
    return lifeOfToken(credentials.token, credentials);
  }
}

/** It lives for so long and no longer on purpose: somebody should know that it goes on. */
function unsignedExpired(): SignInRequiredError {
  return new SignInRequiredError('The unsigned token has expired.', { command: 'nemo auth refresh' });
}

function signedInElsewhere(name: string, stored: string | undefined, baseUrl: string): SignedInElsewhereError {
  const now = `Context "${name}" is now signed in to ${stored ?? 'no platform'}, and its token does not go to ${baseUrl}.`;
  return new SignedInElsewhereError(`${now} Start anew to use that platform, or sign in to this one again.`, {
    command: `nemo auth login --context ${shellWord(name)} --base-url ${shellWord(baseUrl)}`,
  });
}
