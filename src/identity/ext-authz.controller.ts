import { All, Controller, HttpCode, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import { withoutQuery } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WithoutBody } from '../http/without-body.decorator.js';
import { isPublicPath } from './public-paths.js';
import { TokenCheck } from './token-check.service.js';

const ROOT = '/apis/auth/ext-authz';
const HOP_ROOT = '/apis/auth/ext-authz-hop';

/**
 * Envoy's external authorization over HTTP: the original request's method and headers, its path below this one. Says
 * who is asking in X-NMP-* headers; what they may do is decided where the request goes.
 */
@ApiExcludeController()
@Public()
@WithoutBody()
@Controller()
export class ExtAuthzController {
  constructor(@Inject(TokenCheck) private readonly tokens: TokenCheck) {}

  @All([ROOT, `${ROOT}/*`])
  @HttpCode(200)
  async check(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, never>> {
    return this.answer(request, reply, pathBelow(ROOT, request));
  }

  /**
   * The same with a hop token. For which service is part of the prefix that the gateway's own configuration puts before
   * the path: nothing that a client writes can change it.
   */
  @All([`${HOP_ROOT}/:audience`, `${HOP_ROOT}/:audience/*`])
  @HttpCode(200)
  async checkForHop(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, never>> {
    const [, audience = '', path] = /^\/([^/]*)(.*)$/s.exec(pathBelow(HOP_ROOT, request) ?? '') ?? [];
    return this.answer(request, reply, path, this.tokens.hopAudience([audience]));
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string | undefined,
    hopAudience?: string,
  ): Promise<Record<string, never>> {
    reply.header('Cache-Control', 'no-store');
    const isOpen = this.tokens.isOff || (path !== undefined && isPublicPath(request.method, path || '/'));
    if (!isOpen) await this.tokens.check(request, reply, hopAudience);
    return {};
  }
}

/** The path that is asked about; `undefined` where the request names its target in another form than by its path. */
function pathBelow(root: string, { url }: FastifyRequest): string | undefined {
  const path = withoutQuery(url);
  return path.startsWith(root) ? path.slice(root.length) : undefined;
}
