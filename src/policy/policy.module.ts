import { Module } from '@nestjs/common';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { RoleBindingsStore } from '../role-bindings/role-bindings-store.module.js';
import { Callers } from './callers.service.js';
import { RoleCatalogue } from './engine/role-catalogue.js';
import { readRoleCatalogue } from './engine/role-files.js';
import { LivePolicyModule } from './live/live-policy.module.js';
import { RolePermissions } from './role-permissions.js';
import { WorkspaceAccess } from './workspace-access.service.js';
import { WorkspacePolicy } from './workspace-policy.service.js';

@Module({
  imports: [RoleBindingsStore, LivePolicyModule],
  providers: [
    Callers,
    {
      provide: RoleCatalogue,
      useFactory: ({ policy }: PlatformConfig) => readRoleCatalogue(policy.rolesFile),
      inject: [PLATFORM_CONFIG],
    },
    {
      provide: RolePermissions,
      useFactory: (catalogue: RoleCatalogue) => new RolePermissions(catalogue),
      inject: [RoleCatalogue],
    },
    WorkspacePolicy,
    WorkspaceAccess,
  ],
  exports: [LivePolicyModule, Callers, RoleCatalogue, RolePermissions, WorkspacePolicy, WorkspaceAccess],
})
export class PolicyModule {}
