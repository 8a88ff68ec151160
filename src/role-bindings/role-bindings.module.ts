import { Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { RoleBindingPages } from './role-binding-pages.repository.js';
import { RoleBindingsStore } from './role-bindings-store.module.js';
import { RoleBindingsController } from './role-bindings.controller.js';
import { RoleBindingsService } from './role-bindings.service.js';

@Module({
  imports: [PolicyModule, RoleBindingsStore, AuditStore],
  controllers: [RoleBindingsController],
  providers: [RoleBindingPages, RoleBindingsService],
})
export class RoleBindingsModule {}
