import { Controller, HttpCode, Inject, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../../http/error-body.js';
import { RefusalListener } from '../../http/refusal-listener.js';
import { RequestBodyError } from '../../http/request-body-error.js';
import { expectsContinue } from '../../http/request-head.js';
import { UnreadBody } from '../../http/unread-body.js';
import { WithoutBody } from '../../http/without-body.decorator.js';
import { ExchangeError } from './exchange-error.js';
import { ExchangedTokenResponse, ExchangeErrorResponse } from './token-exchange.responses.js';
import { TokenExchangeForm } from './token-exchange.requests.js';
import { TokenExchange } from './token-exchange.service.js';

/** The token endpoint of the platform. It knows one grant, token exchange, and answers in the words of OAuth. */
@ApiTags('Identity')
@Public()
@WithoutBody()
@Controller('apis/auth/token')
export class TokenExchangeController {
  constructor(
    @Inject(TokenExchange) private readonly tokens: TokenExchange,
    @Inject(RefusalListener) private readonly refusals: RefusalListener,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: "Exchange a workload's token for one of the platform (RFC 8693), where there are rules for it",
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenExchangeForm })
  @ApiResponse({ status: 200, type: ExchangedTokenResponse })
  @ApiResponse({ status: 400, type: ExchangeErrorResponse })
  @ApiResponse({ status: 503, type: ExchangeErrorResponse })
  async exchange(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExchangedTokenResponse | ExchangeErrorResponse> {
    if (!this.tokens.isOn) throw new NotFoundException();
    reply.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    try {
      const { token, issuedTokenType, lifeSeconds, scopes } = await this.tokens.exchange(
        await formOf(request, reply),
        request.id,
      );
      return {
        access_token: token,
        issued_token_type: issuedTokenType,
        token_type: 'Bearer',
        expires_in: lifeSeconds,
        scope: scopes.join(' '),
      };
    } catch (error) {
      return this.refuse(error, request, reply);
    }
  }

  /** @see RFC 6749 §5.2 */
  private refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): ExchangeErrorResponse {
    if (!(error instanceof ExchangeError)) throw error;
    const { code, message, options } = error;
    const { status = 400, retryAfterSeconds, refusal } = options;
    if (refusal !== undefined) this.refusals.refused(request, errorBody(401, message, refusal), error);
    if (retryAfterSeconds !== undefined) reply.header('Retry-After', String(retryAfterSeconds));
    reply.code(status);
    return { error: code, error_description: message, detail: message };
  }
}

async function formOf(request: FastifyRequest, reply: FastifyReply): Promise<URLSearchParams> {
  const { body } = request;
  if (!(body instanceof UnreadBody)) throw new ExchangeError('invalid_request', 'The body must be a form');
  try {
    return await body.form(() => {
      if (expectsContinue(request.raw)) reply.raw.writeContinue();
    });
  } catch (error) {
    if (!(error instanceof RequestBodyError)) throw error;
    reply.header('Connection', 'close'); // the rest of the body is of no interest
    throw new ExchangeError('invalid_request', error.message, { cause: error });
  }
}
