import { Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';

@Module({
  imports: [PolicyModule, RoleBindingsStore, AuditStore],
  controllers: [MembersController],
  providers: [MembersService],
})
export class MembersModule {}
