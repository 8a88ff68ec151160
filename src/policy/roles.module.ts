import { Module } from '@nestjs/common';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { RoleCatalogue } from './engine/role-catalogue.js';
import { readRoleCatalogue } from './engine/role-files.js';

/** The roles that there are: the platform's and the operator's. */
@Module({
  providers: [
    {
      provide: RoleCatalogue,
      useFactory: ({ policy }: PlatformConfig) => readRoleCatalogue(policy.rolesFile),
      inject: [PLATFORM_CONFIG],
    },
  ],
  exports: [RoleCatalogue],
})
export class RolesModule {}
