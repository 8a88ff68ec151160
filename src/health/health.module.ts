import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { PolicyModule } from '../policy/policy.module.js';
import { HealthController } from './health.controller.js';
import { ReadinessChecks } from './readiness.checks.js';

@Module({
  imports: [TerminusModule.forRoot({ errorLogStyle: 'json' }), PolicyModule],
  controllers: [HealthController],
  providers: [ReadinessChecks],
})
export class HealthModule {}
