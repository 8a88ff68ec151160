import { Module } from '@nestjs/common';
import { MetricsStore } from '../metrics/metrics-store.module.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { Callers } from './callers.service.js';
import { RoleCatalogue } from './engine/role-catalogue.js';
import { LivePolicyModule } from './live/live-policy.module.js';
import { RolePermissions } from './role-permissions.js';
import { RolesModule } from './roles.module.js';
import { WorkspaceAccess } from './workspace-access.service.js';
import { WorkspacePolicy } from './workspace-policy.service.js';

@Module({
  imports: [RolesModule, RoleBindingsStore, LivePolicyModule, MetricsStore],
  providers: [
    Callers,
    {
      provide: RolePermissions,
      useFactory: (catalogue: RoleCatalogue) => new RolePermissions(catalogue),
      inject: [RoleCatalogue],
    },
    WorkspacePolicy,
    WorkspaceAccess,
  ],
  exports: [RolesModule, LivePolicyModule, Callers, RolePermissions, WorkspacePolicy, WorkspaceAccess],
})
export class PolicyModule {}
