import { Inject, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuditStore } from '../audit/audit-store.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { TokenExchangeController } from './exchange/token-exchange.controller.js';
import { TokenExchange } from './exchange/token-exchange.service.js';
import { HopTokens } from './hop-tokens.service.js';
import { KeySetController } from './key-set.controller.js';
import { OwnKeys } from './keys/own-keys.js';
import { SigningKeysRepository } from './keys/signing-keys.repository.js';
import { SigningKeys } from './keys/signing-keys.service.js';
import { TokenMint } from './token-mint.service.js';

/** The tokens that the platform issues itself: hop tokens for services behind gateways, and tokens of workloads. */
@Module({
  imports: [PolicyModule, AuditStore, AuditModule],
  controllers: [KeySetController, TokenExchangeController],
  providers: [SigningKeysRepository, SigningKeys, TokenMint, HopTokens, TokenExchange],
  exports: [HopTokens, TokenMint],
})
export class MintedTokensModule {
  constructor(@Inject(OwnKeys) ownKeys: OwnKeys, @Inject(SigningKeys) keys: SigningKeys) {
    ownKeys.connect(() => keys.published());
  }
}
