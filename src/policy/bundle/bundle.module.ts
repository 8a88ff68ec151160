import { Module } from '@nestjs/common';
import { AuthConfig } from '@nmp/auth';
import { PolicyModule } from '../policy.module.js';
import { policySettingsOf } from '../policy-settings.js';
import { BundleSettings } from './bundle-settings.js';
import { BundleController } from './bundle.controller.js';
import { BundleService } from './bundle.service.js';

@Module({
  imports: [PolicyModule],
  controllers: [BundleController],
  providers: [BundleService, { provide: BundleSettings, useFactory: policySettingsOf, inject: [AuthConfig] }],
})
export class BundleModule {}
