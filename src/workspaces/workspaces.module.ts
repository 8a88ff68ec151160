import { Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { ProjectsStore } from '../projects/projects-store.module.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

@Module({
  imports: [PolicyModule, RoleBindingsStore, ProjectsStore, AuditStore],
  controllers: [WorkspacesController],
  providers: [WorkspacesRepository, WorkspacesService],
})
export class WorkspacesModule {}
