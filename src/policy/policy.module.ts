import { Module } from '@nestjs/common';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { Callers } from './callers.service.js';
import { RoleCatalogue } from './engine/role-catalogue.js';
import { readRoleCatalogue } from './engine/role-files.js';
import { RolePermissions } from './role-permissions.js';
import { WorkspaceAccess } from './workspace-access.service.js';
import { WorkspacePolicy } from './workspace-policy.service.js';

@Module({
  imports: [RoleBindingsStore],
  providers: [
    Callers,
    { provide: RoleCatalogue, useFactory: () => readRoleCatalogue() },
    {
      provide: RolePermissions,
      useFactory: (catalogue: RoleCatalogue) => new RolePermissions(catalogue),
      inject: [RoleCatalogue],
    },
    WorkspacePolicy,
    WorkspaceAccess,
  ],
  exports: [Callers, RoleCatalogue, RolePermissions, WorkspacePolicy, WorkspaceAccess],
})
export class PolicyModule {}
