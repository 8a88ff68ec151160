import { Module } from '@nestjs/common';
import { AuditStore } from '../audit/audit-store.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { ProjectsStore } from './projects-store.module.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';

@Module({
  imports: [PolicyModule, RoleBindingsStore, ProjectsStore, AuditStore],
  controllers: [ProjectsController],
  providers: [ProjectsService],
})
export class ProjectsModule {}
