import { Module } from '@nestjs/common';
import { PolicyModule } from '../policy/policy.module.js';
import { AuthenticateController } from './authenticate.controller.js';
import { ExtAuthzController } from './ext-authz.controller.js';
import { TokenCheck } from './token-check.service.js';

/** What gateways ask. */
@Module({ imports: [PolicyModule], controllers: [AuthenticateController, ExtAuthzController], providers: [TokenCheck] })
export class IdentityModule {}
