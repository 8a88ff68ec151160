import { Module } from '@nestjs/common';
import { MintedTokensModule } from '../minted-tokens/minted-tokens.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { AuthenticateController } from './authenticate.controller.js';
import { ExtAuthzController } from './ext-authz.controller.js';
import { TokenCheck } from './token-check.service.js';

/** What gateways ask. */
@Module({
  imports: [PolicyModule, MintedTokensModule],
  controllers: [AuthenticateController, ExtAuthzController],
  providers: [TokenCheck],
  exports: [TokenCheck],
})
export class IdentityModule {}
