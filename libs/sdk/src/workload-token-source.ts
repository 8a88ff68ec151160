import { readFile, stat } from 'node:fs/promises';
import type { Clock } from './clock.js';
import { discoverPlatform, type OidcDiscovery } from './discovery.js';
import { ConfigError, NeMoError, SignInError } from './errors.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import { tokenExchangeGrant } from './grants/token-exchange-grant.js';
import type { HttpContext } from './http-context.js';
import { isExpired, isNearExpiry, lifeOfToken, type TokenLife } from './token-life.js';
import type { TokenSource } from './token-source.js';

/** The variable that names the file. */
export const WORKLOAD_TOKEN_FILE = 'NMP_WORKLOAD_IDENTITY_TOKEN_FILE';

const MAX_FILE_BYTES = 65_536;

/** What a {@link WorkloadTokenSource} needs. */
export interface WorkloadTokenSourceOptions {
  readonly baseUrl: string;
  /** Where the workload finds its own token, kept fresh by somebody else. */
  readonly tokenFile: string;
  readonly http: HttpContext;
  readonly clock: Clock;
  /** A token with less than this left is replaced before use. */
  readonly marginSeconds: number;
  /** Told what went wrong without stopping the request. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

interface HeldToken {
  readonly token: string;
  readonly life: TokenLife;
}

/**
 * Tokens of the platform in exchange for a workload's own: asked for by the first request, kept until shortly before they
 * end, one exchange at a time. The file is read for each, for what is in it changes.
 */
export class WorkloadTokenSource implements TokenSource {
  private held: HeldToken | undefined;
  private exchanging: Promise<HeldToken> | undefined;

  constructor(private readonly options: WorkloadTokenSourceOptions) {}

  /**
   * @throws {ConfigError} when there is no token in the file.
   * @throws {SignInError} when the platform does not exchange it.
   */
  async accessToken(): Promise<string> {
    const { clock, marginSeconds, onWarning } = this.options;
    const { held } = this;
    if (held !== undefined && !isNearExpiry(held.life, clock.now(), marginSeconds)) return held.token;
    try {
      return (await this.exchange()).token;
    } catch (error) {
      if (held === undefined || isExpired(held.life, clock.now()) || !(error instanceof NeMoError)) throw error;
      onWarning?.(`The token could not be replaced yet. ${error.message}`);
      return held.token;
    }
  }

  async replacementFor(refused: string): Promise<string | undefined> {
    if (this.held !== undefined && this.held.token !== refused) return this.held.token;
    return (await this.exchange()).token;
  }

  private exchange(): Promise<HeldToken> {
    this.exchanging ??= this.exchangeOnce().finally(() => {
      this.exchanging = undefined;
    });
    return this.exchanging;
  }

  private async exchangeOnce(): Promise<HeldToken> {
    const { baseUrl, tokenFile, http, clock } = this.options;
    const subjectToken = await readSubjectToken(tokenFile);
    const { oidc } = await discoverPlatform(baseUrl, http);
    const { audience, scope } = oidc?.workload ?? {};
    const issuedAt = clock.now();
    const exchanged = await tokenExchangeGrant(this.provider(oidc), { subjectToken, audience, scope });
    const { accessToken: token, expiresInSeconds } = exchanged;
    const noted: TokenLife =
      expiresInSeconds === undefined
        ? { issuedAt }
        : { issuedAt, expiresAt: new Date(issuedAt.getTime() + expiresInSeconds * 1000) };
    this.held = { token, life: lifeOfToken(token, noted) };
    return this.held;
  }

  /** The token endpoint, as a client of it sees it: what is not said of workloads is as for people. */
  private provider(oidc: OidcDiscovery | undefined): IdentityProvider {
    const { baseUrl, http, clock } = this.options;
    const { workload } = oidc ?? {};
    const tokenEndpoint = workload?.tokenEndpoint ?? oidc?.tokenEndpoint;
    const clientId = workload?.clientId ?? oidc?.clientId;
    if (workload === undefined || tokenEndpoint === undefined || clientId === undefined) {
      throw new SignInError(
        'workload_exchange_off',
        `${baseUrl} does not exchange the tokens of workloads. Ask its administrator for a rule in token_exchange, or ` +
          `unset ${WORKLOAD_TOKEN_FILE} and give a token in NMP_ACCESS_TOKEN`,
      );
    }
    return { issuer: baseUrl, tokenEndpoint, clientId, http, clock };
  }
}

async function readSubjectToken(path: string): Promise<string> {
  let text: string;
  try {
    const found = await stat(path);
    // A pipe may never end, and what is large is no token.
    if (!found.isFile() || found.size > MAX_FILE_BYTES) {
      throw new ConfigError(
        `${path} is no file with a token. ${WORKLOAD_TOKEN_FILE} must name a file with a token in it`,
      );
    }
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const advice = `Let the workload's token be mounted there, or unset ${WORKLOAD_TOKEN_FILE}`;
    throw new ConfigError(`The workload's token in ${path} cannot be read (${code ?? 'unknown'}). ${advice}`, {
      cause,
    });
  }
  const token = text.trim();
  // Said here: what is sent must not be repeated by whoever refuses it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem = token === '' ? 'is empty' : 'holds blanks or characters that no token has';
  throw new ConfigError(`The file ${path} ${problem}. ${WORKLOAD_TOKEN_FILE} must name a file with a token in it`);
}
