import { HttpException, Inject, Injectable } from '@nestjs/common';
import { AuthConfig, JwtStrategy } from '@nmp/auth';
import { isAuthError, type IssuerUnavailableError, type Principal } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../http/error-body.js';
import { Callers } from '../policy/callers.service.js';
import { outgoingHeaders } from './outgoing-headers.js';

/** Verifies the token of a request for a gateway, by the one verifier, and says who it is in headers. */
@Injectable()
export class TokenCheck {
  constructor(
    @Inject(JwtStrategy) private readonly strategy: JwtStrategy,
    @Inject(AuthConfig) private readonly config: AuthConfig,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  get isOff(): boolean {
    return !this.config.enabled;
  }

  /**
   * Sets the identity headers of the answer.
   * @throws {HttpException} 401 for whatever is no good token, so that the gateway refuses; 503 when nobody can tell.
   */
  async check(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    try {
      const principal = await this.strategy.run({ headers: { authorization: authorizationOf(request) } });
      reply.headers(outgoingHeaders(principal, this.callers.sharesUsers(principal)));
      return principal;
    } catch (error) {
      throw this.refusal(error, reply);
    }
  }

  private refusal(error: unknown, reply: FastifyReply): unknown {
    if (!isAuthError(error)) return error;
    if (error.code === 'issuer_unavailable') {
      const { retryAfterSeconds } = error as IssuerUnavailableError; // the one error of this code
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
