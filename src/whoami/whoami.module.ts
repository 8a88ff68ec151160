import { Module } from '@nestjs/common';
import { PolicyModule } from '../policy/policy.module.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { WhoamiController } from './whoami.controller.js';

@Module({ imports: [PolicyModule, RoleBindingsStore], controllers: [WhoamiController] })
export class WhoamiModule {}
