import { Controller, Delete, Get, HttpCode, Inject, Options, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeEndpoint, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import { withoutQuery } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { WithoutBody } from '../http/without-body.decorator.js';
import { AuthenticateResponse, authenticateResponse } from './authenticate.response.js';
import { TokenCheck } from './token-check.service.js';

const summary = 'Verify an access token, for gateways: who it is, in the body and in X-NMP-* headers';

const hopQuery = {
  name: 'hop_audience',
  required: false,
  type: String,
  description: 'A service of `hop_tokens.audiences`: the answer then has a hop token for it in `X-NMP-Hop-Token`',
};

const errors = {
  400: 'The service of `hop_audience` is not configured',
  401: 'No access token, or one that is not accepted',
  503: 'The identity provider cannot be reached',
};

/** Reads nothing of a request but its access token, and decides nothing but whether that is good. */
@ApiTags('Identity')
@ApiBearerAuth()
@Public()
@WithoutBody()
@Controller('apis/auth/authenticate')
export class AuthenticateController {
  constructor(@Inject(TokenCheck) private readonly tokens: TokenCheck) {}

  @Get()
  @ApiOperation({ summary })
  @ApiQuery(hopQuery)
  @ApiResponse({ status: 200, type: AuthenticateResponse })
  @ApiErrors(errors)
  byGet(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary })
  @ApiQuery(hopQuery)
  @ApiResponse({ status: 200, type: AuthenticateResponse })
  @ApiErrors(errors)
  byPost(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  @Put()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  byPut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  @Patch()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  byPatch(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  @Delete()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  byDelete(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  byOptions(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthenticateResponse> {
    return this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<AuthenticateResponse> {
    reply.header('Cache-Control', 'no-store');
    const hopAudience = this.tokens.hopAudience(queryOf(request).getAll('hop_audience'));
    const principal = await this.tokens.check(request, reply, hopAudience);
    return authenticateResponse(principal, this.tokens.kindOf(principal));
  }
}

/** As it was sent: a parameter that comes twice is seen twice. */
function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(url.slice(withoutQuery(url).length));
}
