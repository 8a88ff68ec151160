import { hash } from 'node:crypto';
import {
  checkClaims,
  type Claims,
  decodeUnverifiedClaims,
  InvalidTokenError,
  isAuthError,
  IssuerUnavailableError,
  type MappingNotice,
  MAX_TOKEN_LENGTH,
  type Principal,
  principalOfClaims,
  validUntil,
} from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { ProviderConfig } from '../issuer-config.js';
import { DocumentFetchError } from '../keys/fetch-document.js';
import type { TrustedIssuer, TrustedIssuers } from '../keys/trusted-issuers.js';
import type { OpaqueTokenConfig } from '../opaque-token-config.js';
import { AskingLimit, AskingLimitError } from './asking-limit.js';
import { IntrospectionEndpoint } from './introspection-endpoint.js';
import type { ClaimsSource } from './provider-endpoint.js';
import { RefusedTokens } from './refused-tokens.js';
import { claimsOfIntrospection, claimsOfUserinfo } from './told-claims.js';
import { hasJwsForm } from './token-form.js';
import { UserinfoEndpoint } from './userinfo-endpoint.js';

const MAX_REFUSED_SECONDS = 5;
const RETRY_AFTER_SECONDS = 5;

/** Whom a token stands for, and how long that may be remembered. */
export interface ResolvedToken {
  readonly principal: Principal;
  readonly notices: readonly MappingNotice[];
  /** In milliseconds since 1970. */
  readonly validUntilMs: number;
}

/** The main issuer, as far as its opaque tokens are concerned. */
interface Resolution {
  readonly how: OpaqueTokenConfig;
  readonly provider: ProviderConfig;
  readonly source: ClaimsSource;
}

/**
 * Looks up the tokens that say nothing themselves. Only one issuer is asked, for asking several would show each of them
 * the others' tokens. One question serves any number of callers with the same token, and only so many are under way.
 */
export class OpaqueTokens {
  private readonly underWay = new Map<string, Promise<ResolvedToken>>();
  private readonly refused: RefusedTokens;
  private readonly limit: AskingLimit;

  private constructor(
    private readonly resolution: Resolution,
    private readonly clock: Clock,
    { cache, httpTimeoutMs }: AuthConfig,
  ) {
    const { cacheSeconds, concurrency } = resolution.how;
    this.refused = new RefusedTokens(cache === false ? 0 : Math.min(cacheSeconds, MAX_REFUSED_SECONDS) * 1000);
    this.limit = new AskingLimit(concurrency, httpTimeoutMs);
  }

  /** `undefined` where such tokens are refused. */
  static of(config: AuthConfig, issuers: TrustedIssuers, clock: Clock): OpaqueTokens | undefined {
    const { opaqueTokens: how } = config;
    const issuer = issuers.main;
    if (how === undefined || issuer?.config.kind !== 'access') return undefined;
    return new OpaqueTokens({ how, provider: issuer.config, source: sourceOf(how, issuer, config) }, clock, config);
  }

  /** Whether nothing but the issuer can say what a token is. */
  takes(token: string): boolean {
    return !hasJwsForm(token);
  }

  /**
   * Whether the issuer decides about a JWT that cannot be verified here. Its own ones only: nobody else's are shown to it.
   * What is said in the token is not believed, whatever the answer.
   */
  takesInstead(token: string, error: unknown): boolean {
    const { how, provider } = this.resolution;
    if (how.way !== 'introspection' || !how.includesJwts || !isAuthError(error)) return false;
    return unverifiable.has(error.code) && decodeUnverifiedClaims(token)?.iss === provider.issuer;
  }

  /**
   * Asks the issuer about a token.
   * @throws {InvalidTokenError} with the reason why it is refused: `inactive` when the issuer does not know it, or no more.
   * @throws {IssuerUnavailableError} The issuer gives no answer that can be used, or has too many to give.
   */
  resolve(token: string): Promise<ResolvedToken> {
    if (token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7E]+$/.test(token)) {
      return Promise.reject(new InvalidTokenError('malformed', 'the token is too long, or has characters of no token'));
    }
    const id = hash('sha256', `${this.resolution.provider.issuer} ${token}`, 'base64');
    const refusal = this.refused.get(id, this.clock.now().getTime());
    if (refusal) return Promise.reject(refusal);
    const shared = this.underWay.get(id);
    if (shared) return shared;
    const asking = this.ask(token, id).finally(() => this.underWay.delete(id));
    this.underWay.set(id, asking);
    return asking;
  }

  private async ask(token: string, id: string): Promise<ResolvedToken> {
    const answer = await this.answerTo(token);
    const nowMs = this.clock.now().getTime();
    try {
      return this.verdictOf(answer, nowMs);
    } catch (error) {
      if (isAuthError(error) && error.status === 401) this.refused.set(id, error as InvalidTokenError, nowMs); // 401 is its alone
      throw error;
    }
  }

  private async answerTo(token: string): Promise<Record<string, unknown> | undefined> {
    const { provider, source } = this.resolution;
    try {
      return await this.limit.run(() => source.claimsOf(token));
    } catch (cause) {
      const isBusy = cause instanceof AskingLimitError;
      if (!isBusy && !(cause instanceof DocumentFetchError)) throw cause;
      const message = `${provider.issuer} cannot be asked about tokens: ${cause.message}`;
      throw new IssuerUnavailableError(message, isBusy ? 1 : RETRY_AFTER_SECONDS, { cause });
    }
  }

  private verdictOf(answer: Record<string, unknown> | undefined, nowMs: number): ResolvedToken {
    if (answer === undefined) throw new InvalidTokenError('inactive');
    const { how, provider } = this.resolution;
    const claims = this.claimsOf(answer, nowMs / 1000);
    // What form JWTs have to have is not asked of others.
    const expectations = { ...provider.expectations, profile: 'jwt' } as const;
    checkClaims(claims, expectations, nowMs / 1000);
    const notices: MappingNotice[] = [];
    const principal = principalOfClaims(claims, provider.mapping, (notice) => notices.push(notice));
    // The issuer knows its own clock: where it says for how long, no tolerance is added.
    const endsMs = validUntil(claims, { ...expectations, clockToleranceSeconds: 0 }) * 1000;
    return { principal, notices, validUntilMs: Math.min(endsMs, nowMs + how.cacheSeconds * 1000) };
  }

  private claimsOf(answer: Record<string, unknown>, nowSeconds: number): Claims {
    const { how, provider } = this.resolution;
    const { issuer, expectations } = provider;
    if (how.way === 'userinfo') return claimsOfUserinfo(answer, issuer, nowSeconds);
    if ((answer.iat ?? undefined) === undefined && expectations.maxTokenAgeSeconds !== undefined) {
      throw new InvalidTokenError('claims', 'the issuer does not say how old the token is ("iat")');
    }
    return claimsOfIntrospection(answer, { issuer, requiresTokenType: how.requiresTokenType }, nowSeconds);
  }
}

/** Why a JWT cannot be verified here that may be a good one. */
const unverifiable: ReadonlySet<string> = new Set(['token_algorithm', 'token_key', 'token_type']);

function sourceOf(how: OpaqueTokenConfig, issuer: TrustedIssuer, config: AuthConfig): ClaimsSource {
  return how.way === 'introspection'
    ? new IntrospectionEndpoint(how, issuer, config)
    : new UserinfoEndpoint(how, issuer, config);
}
