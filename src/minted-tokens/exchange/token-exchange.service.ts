import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthConfig, Clock, keySetLog } from '@nmp/auth';
import { areaOf, type AuthErrorCode, type Claims, isAuthError, mintedClaimsOf } from '@nmp/tokens';
import { AuditEventsRepository } from '../../audit/audit-events.repository.js';
import { EventStamps } from '../../audit/event-stamps.js';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { ExchangeRule } from '../../config/exchange-rule.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { Database } from '../../storage/database.js';
import { optionalWrittenName, writtenText } from '../../written-text.js';
import { type MintedToken, TokenMint } from '../token-mint.service.js';
import { ExchangeError } from './exchange-error.js';
import { type ExchangeRequest, readExchangeRequest } from './exchange-request.js';
import { matchingRule } from './matching-rule.js';
import { SubjectTokens } from './subject-tokens.js';
import { workloadPrincipal } from './workload-principal.js';

/** What was given out. */
export interface ExchangedToken {
  readonly token: string;
  readonly issuedTokenType: string;
  readonly lifeSeconds: number;
  readonly scopes: readonly string[];
}

/** Exchanges the token that a workload has from where it runs for one of the platform, if a rule says so. @see RFC 8693 */
@Injectable()
export class TokenExchange {
  private readonly logger = new Logger('TokenExchange');
  private readonly subjectTokens: SubjectTokens | undefined;

  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'tokenExchange' | 'publicUrl' | 'auth'>,
    @Inject(TokenMint) private readonly mint: TokenMint,
    @Inject(Database) private readonly database: Database,
    @Inject(AuditEventsRepository) private readonly events: AuditEventsRepository,
    @Inject(EventStamps) private readonly stamps: EventStamps,
    @Inject(Clock) clock: Clock,
    @Inject(AuthConfig) private readonly auth: AuthConfig,
  ) {
    const { tokenExchange } = config;
    if (tokenExchange)
      this.subjectTokens = new SubjectTokens(tokenExchange.rules, config.auth, clock, keySetLog(this.logger));
  }

  get isOn(): boolean {
    return this.config.tokenExchange !== undefined;
  }

  /**
   * @param requestId of the request, for the audit
   * @throws {ExchangeError} when the request is not one that can be met, or no rule holds for the token.
   */
  async exchange(form: URLSearchParams, requestId: string): Promise<ExchangedToken> {
    const request = readExchangeRequest(form);
    const { audience, rules = [] } = this.config.tokenExchange ?? {};
    if (audience === undefined || request.targets.some((target) => target !== audience)) {
      throw new ExchangeError(
        'invalid_target',
        `Tokens are given out for the audience ${audience ?? 'of nobody'} only`,
      );
    }
    const claims = await this.verified(request.subjectToken);
    const rule = matchingRule(rules, claims);
    if (rule === undefined) throw refused('No rule of this platform holds for the subject_token', 'exchange_no_rule');
    const scopes = grantedScopes(request, rule, this.auth.scopes.areas);
    const minted = await this.mint.mint({
      kind: 'workload',
      audience,
      lifeSeconds: rule.lifeSeconds,
      claims: mintedClaimsOf(workloadPrincipal(rule, { issuer: this.mint.issuer, scopes }), true),
    });
    await this.record(rule, claims, { minted, scopes, requestId });
    const { token, issuedAt, expiresAt } = minted;
    return { token, issuedTokenType: request.issuedTokenType, lifeSeconds: expiresAt - issuedAt, scopes };
  }

  private async verified(token: string): Promise<Claims> {
    if (this.subjectTokens === undefined) throw new ExchangeError('invalid_request', 'Tokens are not exchanged here');
    try {
      return await this.subjectTokens.verify(token);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      const { retryAfterSeconds } = error as { retryAfterSeconds?: number }; // where nothing is known of the token
      if (retryAfterSeconds !== undefined) {
        const isBusy = error.code === 'overloaded';
        const why = isBusy ? error.detail : 'The issuer of the subject_token cannot be reached';
        throw new ExchangeError('temporarily_unavailable', why, { status: 503, retryAfterSeconds, cause: error });
      }
      this.logger.warn(`A workload's token is refused: ${writtenText(error.message)}`);
      throw refused(`The subject_token is refused (${error.code})`, error.code, error);
    }
  }

  /** Before the token is given out: there is none without its event. */
  private async record(
    rule: ExchangeRule,
    { iss, sub }: Claims,
    { minted, scopes, requestId }: { minted: MintedToken; scopes: readonly string[]; requestId: string },
  ): Promise<void> {
    const event = {
      ...this.stamps.next(),
      action: 'token.exchanged',
      decision: 'allowed' as const,
      actor: rule.principal.id,
      actorEmail: rule.principal.email ?? null,
      actorKind: 'client',
      actorIssuer: writtenText(String(iss)),
      target: optionalWrittenName(typeof sub === 'string' ? sub : null, 512),
      requestId: writtenText(requestId),
      details: { rule: rule.name, scopes, token_id: minted.jti, expires_at: new Date(minted.expiresAt * 1000) },
    };
    await this.events.insert(this.database, [event]);
  }
}

/**
 * What the rule gives, or what of it was asked for.
 * @throws {ExchangeError} when more was asked for, or so little that scopes would not limit the token any more: one
 *   without a scope of an area is left to the roles where `scope_enforcement` is `when-present`.
 */
function grantedScopes(
  { scopes: wanted }: ExchangeRequest,
  { scopes }: ExchangeRule,
  areas: ReadonlySet<string>,
): readonly string[] {
  const given = wanted === undefined ? scopes : [...new Set(wanted)];
  if (given.some((scope) => !scopes.includes(scope))) {
    throw new ExchangeError('invalid_scope', `The rule of this workload gives the scopes ${scopes.join(' ')} only`);
  }
  if (given.some((scope) => areas.has(areaOf(scope)))) return given;
  throw new ExchangeError('invalid_scope', 'One scope at least must be of an area, such as platform:read');
}

function refused(message: string, refusal: AuthErrorCode | 'exchange_no_rule', cause?: unknown): ExchangeError {
  return new ExchangeError('invalid_request', message, { refusal, cause });
}
