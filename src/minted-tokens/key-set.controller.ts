import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import { mintedNamesOf } from '../config/minted-names.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { WithoutBody } from '../http/without-body.decorator.js';
import { IssuerMetadataResponse, issuerMetadata, KeySetResponse } from './key-set.responses.js';
import { SigningKeys } from './keys/signing-keys.service.js';

// A key is published for hours before it signs: nobody needs to ask more often.
const CACHE_CONTROL = 'public, max-age=300';

/** What verifies the tokens that the platform issues itself. */
@ApiTags('Identity')
@Public()
@WithoutBody()
@Controller('apis/auth')
export class KeySetController {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'publicUrl' | 'tokenExchange'>,
  ) {}

  @Get('jwks')
  @Header('Cache-Control', CACHE_CONTROL)
  @ApiOperation({ summary: "The keys of the platform's own tokens; none when it issues none" })
  @ApiResponse({ status: 200, type: KeySetResponse })
  async keySet(): Promise<KeySetResponse> {
    return { keys: await this.keys.published() };
  }

  /** @see OIDC Discovery §4, RFC 8414 §3 */
  @Get('.well-known/openid-configuration')
  @Header('Cache-Control', CACHE_CONTROL)
  @ApiOperation({ summary: 'The platform as an issuer of tokens, for those who verify them' })
  @ApiResponse({ status: 200, type: IssuerMetadataResponse })
  metadata(): IssuerMetadataResponse {
    const { publicUrl, tokenExchange } = this.config;
    return issuerMetadata(mintedNamesOf(publicUrl), tokenExchange !== undefined);
  }
}
