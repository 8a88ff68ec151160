import { Controller, Get, Inject, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Principal, RequireScopes } from '@nmp/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PLATFORM_CONFIG } from '../../config/config.module.js';
import type { PlatformConfig } from '../../config/platform-config.js';
import { Callers } from '../callers.service.js';
import { WithoutPolicyServer } from '../decisions/without-policy-server.decorator.js';
import { BundleService } from './bundle.service.js';

/** Hands the policy with its data out to an external decision point, under the two addresses it may ask. */
@ApiExcludeController()
@WithoutPolicyServer()
@Controller(['apis/auth/v2/iam/opa-bundle.tar.gz', 'internal/iam/opa-bundle.tar.gz'])
export class BundleController {
  constructor(
    @Inject(BundleService) private readonly bundles: BundleService,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  @Get()
  @RequireScopes('auth:read')
  async bundle(
    @Principal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { bytes, etag } = await this.bundles.build(this.callers.of(principal));
    reply.headers({
      ETag: etag,
      'Cache-Control': `private, max-age=${Math.floor(this.config.policy.bundleCacheSeconds)}`,
      Vary: 'Authorization',
    });
    if (isKnown(request.headers['if-none-match'], etag)) {
      reply.code(304);
      return undefined;
    }
    return new StreamableFile(bytes, { type: 'application/gzip', length: bytes.byteLength });
  }
}

/** @see RFC 9110 §13.1.2 */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.some((tag) => tag === etag || tag === '*');
}
