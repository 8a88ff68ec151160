import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod, MessagePattern, Payload } from '@nestjs/microservices';
import { AuthConfig, InvalidRequestError, PolicyDecisionPoint, Principal } from '@nmp/auth';
import { authenticateResponse, type AuthenticateResponse } from '../identity/authenticate.response.js';
import { HOP_TOKEN_HEADER, TokenCheck } from '../identity/token-check.service.js';
import { HopTokens } from '../minted-tokens/hop-tokens.service.js';
import { authorizeQuestionOf, hopAudienceOf } from './message-reader.js';

/** What `auth.authenticate` is answered. */
export interface AuthenticateReply extends AuthenticateResponse {
  /** The identity headers that a gateway would pass on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hop_token?: string;
}

/**
 * Answers services that are not reached by HTTP: who the sender of a message is, and what it may do. The sender's access
 * token travels with the message, as with any other that a guarded handler gets.
 */
@Controller()
export class AuthMessagesController {
  constructor(
    @Inject(TokenCheck) private readonly tokens: TokenCheck,
    @Inject(HopTokens) private readonly hopTokens: HopTokens,
    @Inject(PolicyDecisionPoint) private readonly decisions: PolicyDecisionPoint,
    @Inject(AuthConfig) private readonly config: AuthConfig,
  ) {}

  /** @throws {InvalidRequestError} when a hop token is asked for that the configuration does not name. */
  @MessagePattern('auth.authenticate')
  async authenticate(@Principal() principal: Principal, @Payload() data: unknown): Promise<AuthenticateReply> {
    const audience = hopAudienceOf(data);
    if (audience !== undefined && !this.hopTokens.isKnown(audience)) {
      const detail = 'hop_audience must be one of the services that hop_tokens.audiences names';
      throw new InvalidRequestError(detail, { detail });
    }
    const { [HOP_TOKEN_HEADER]: hopToken, ...headers } = await this.tokens.headersOf(principal, audience);
    const answer = authenticateResponse(principal, this.tokens.kindOf(principal));
    return { ...answer, headers, ...(hopToken !== undefined && { hop_token: hopToken }) };
  }

  @GrpcMethod('Auth', 'Authenticate')
  authenticateByGrpc(@Principal() principal: Principal, @Payload() data: unknown): Promise<AuthenticateReply> {
    return this.authenticate(principal, data);
  }

  /** @throws {PolicyUnavailableError} when no decision can be made. */
  @MessagePattern('auth.authorize')
  async authorize(@Principal() principal: Principal, @Payload() data: unknown): Promise<{ allowed: boolean }> {
    const { permissions, workspace } = authorizeQuestionOf(data);
    if (!this.config.enabled) return { allowed: true };
    return { allowed: await this.decisions.hasPermissions({ principal, permissions, workspace }) };
  }

  @GrpcMethod('Auth', 'Authorize')
  authorizeByGrpc(@Principal() principal: Principal, @Payload() data: unknown): Promise<{ allowed: boolean }> {
    return this.authorize(principal, data);
  }
}
