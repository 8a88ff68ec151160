import { All, Controller, HttpCode, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import { withoutQuery } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WithoutBody } from '../http/without-body.decorator.js';
import { isPublicPath } from './public-paths.js';
import { TokenCheck } from './token-check.service.js';

const ROOT = '/apis/auth/ext-authz';

/**
 * Envoy's external authorization over HTTP: the original request's method and headers, its path below this one. Says
 * who is asking in X-NMP-* headers; what they may do is decided where the request goes.
 */
@ApiExcludeController()
@Public()
@WithoutBody()
@Controller(ROOT)
export class ExtAuthzController {
  constructor(@Inject(TokenCheck) private readonly tokens: TokenCheck) {}

  @All(['', '*'])
  @HttpCode(200)
  async check(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, never>> {
    reply.header('Cache-Control', 'no-store');
    const path = withoutQuery(request.url).slice(ROOT.length) || '/';
    if (!this.tokens.isOff && !isPublicPath(request.method, path)) await this.tokens.check(request, reply);
    return {};
  }
}
