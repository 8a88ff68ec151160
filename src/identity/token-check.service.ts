import { BadRequestException, HttpException, Inject, Injectable } from '@nestjs/common';
import { AuthConfig, JwtStrategy, RefusalLog, tokenKindOfPrincipal } from '@nmp/auth';
import { isAuthError, type Principal, type TokenKind } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../http/error-body.js';
import { HopTokens } from '../minted-tokens/hop-tokens.service.js';
import { Callers } from '../policy/callers.service.js';
import type { AuthenticatedTokenKind } from './authenticate.response.js';
import { outgoingHeaders } from './outgoing-headers.js';

/** Where the answer has the hop token. */
export const HOP_TOKEN_HEADER = 'X-NMP-Hop-Token';

/** A hop token is never for the platform itself. */
const kindNames = {
  access: 'oidc_access_token',
  hop: 'oidc_access_token',
  workload: 'workload_access_token',
  'access-key': 'access_key',
} as const satisfies Record<TokenKind, AuthenticatedTokenKind>;

/** Verifies the token of a request for a gateway, by the one verifier, and says who it is in headers. */
@Injectable()
export class TokenCheck {
  constructor(
    @Inject(JwtStrategy) private readonly strategy: JwtStrategy,
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(HopTokens) private readonly hopTokens: HopTokens,
    @Inject(RefusalLog) private readonly refusals: RefusalLog,
  ) {}

  get isOff(): boolean {
    return !this.config.enabled;
  }

  /** Whose the token was that the principal came with. */
  kindOf(principal: Principal): AuthenticatedTokenKind {
    return kindNames[tokenKindOfPrincipal(principal, this.config) ?? 'access'];
  }

  /**
   * The audience that a gateway wants a hop token for, if it wants one.
   * @param asked what it asked for; more than one is none that could be meant
   * @throws {BadRequestException} when the configuration does not name it.
   */
  hopAudience(asked: readonly string[]): string | undefined {
    const [audience] = asked;
    if (audience === undefined) return undefined;
    if (asked.length === 1 && this.hopTokens.isKnown(audience)) return audience;
    const detail = 'The hop audience must be one of the services that hop_tokens.audiences names';
    throw new BadRequestException(errorBody(400, detail, 'malformed_request'));
  }

  /**
   * Sets the identity headers of the answer or, where a hop token is wanted, that alone: also as the Authorization header,
   * so that a gateway which copies headers puts it in the place of the client's own.
   * @throws {HttpException} 401 for whatever is no good token, so that the gateway refuses; 503 when nobody can tell.
   */
  async check(request: FastifyRequest, reply: FastifyReply, hopAudience?: string): Promise<Principal> {
    try {
      const principal = await this.strategy.run({ headers: { authorization: authorizationOf(request) } });
      const headers = await this.headersOf(principal, hopAudience);
      const token = headers[HOP_TOKEN_HEADER];
      reply.headers(token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` });
      return principal;
    } catch (error) {
      throw this.refusal(error, reply);
    }
  }

  /** What a gateway, or whoever asks by a message, passes on of a principal: the identity headers, or a hop token alone. */
  async headersOf(principal: Principal, hopAudience?: string): Promise<Readonly<Record<string, string>>> {
    if (hopAudience === undefined) return outgoingHeaders(principal, this.callers.sharesUsers(principal));
    return { [HOP_TOKEN_HEADER]: await this.hopTokens.tokenFor(principal, hopAudience) };
  }

  private refusal(error: unknown, reply: FastifyReply): unknown {
    if (!isAuthError(error)) return error;
    this.refusals.explain(error);
    const { retryAfterSeconds } = error as { retryAfterSeconds?: number }; // where nothing is known of the token
    if (retryAfterSeconds !== undefined) {
      reply.header('Retry-After', String(retryAfterSeconds));
      return error;
    }
    const isMissing = error.code === 'missing_token';
    const detail = isMissing ? 'Missing bearer token' : 'Invalid bearer token';
    const failure = isMissing ? '' : `, error="invalid_token", error_description="${detail}"`;
    reply.header('WWW-Authenticate', `Bearer realm="${this.config.realm}"${failure}`);
    return new HttpException(errorBody(401, detail, error.code), 401, { cause: error });
  }
}

/** Node keeps only the first of several Authorization headers: here they all count. */
function authorizationOf({ headers, raw }: FastifyRequest): string | string[] | undefined {
  const { authorization } = headers;
  const all = raw.rawHeaders.filter((_, at) => at % 2 === 1 && /^authorization$/i.test(raw.rawHeaders[at - 1] ?? ''));
  return authorization !== undefined && all.length > 1 ? all : authorization;
}
