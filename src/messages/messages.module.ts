import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { MintedTokensModule } from '../minted-tokens/minted-tokens.module.js';
import { AuthMessagesController } from './auth-messages.controller.js';

/** What the platform answers by NATS and gRPC. */
@Module({ imports: [IdentityModule, MintedTokensModule], controllers: [AuthMessagesController] })
export class MessagesModule {}
