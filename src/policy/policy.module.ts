import { Module } from '@nestjs/common';
import { RoleBindingsModule } from '../role-bindings/role-bindings.module.js';
import { Callers } from './callers.service.js';
import { WorkspacePolicy } from './workspace-policy.service.js';

@Module({
  imports: [RoleBindingsModule],
  providers: [Callers, WorkspacePolicy],
  exports: [Callers, WorkspacePolicy],
})
export class PolicyModule {}
