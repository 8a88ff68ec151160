import { Module } from '@nestjs/common';
import { AuthConfig } from '@nmp/auth';
import { RoleBindingsStore } from '../../role-bindings/role-bindings-store.module.js';
import type { PolicySettings } from '../engine/policy-data.js';
import { PolicyModule } from '../policy.module.js';
import { BundleSettings } from './bundle-settings.js';
import { BundleController } from './bundle.controller.js';
import { BundleService } from './bundle.service.js';

@Module({
  imports: [PolicyModule, RoleBindingsStore],
  controllers: [BundleController],
  providers: [
    BundleService,
    {
      provide: BundleSettings,
      useFactory: ({ scopes }: AuthConfig): PolicySettings => ({
        scopeEnforcement: scopes.enforcement,
        scopeAreas: [...scopes.areas],
      }),
      inject: [AuthConfig],
    },
  ],
})
export class BundleModule {}
