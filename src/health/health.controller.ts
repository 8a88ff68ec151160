import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Public } from '@nmp/auth';
import { errorBody } from '../http/error-body.js';
import { ReadinessChecks } from './readiness.checks.js';

/** Tells whether the process runs, and whether it can serve. */
@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(ReadinessChecks) private readonly checks: ReadinessChecks,
  ) {}

  /** Depends on nothing: who is alive and cannot serve is not helped by being started anew. */
  @Get(['health/live', 'health', 'healthz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** @throws {ServiceUnavailableException} in the shape of every other error, with what each part says. */
  @Get(['health/ready', 'ready', 'readyz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  async ready(): Promise<Pick<HealthCheckResult, 'status' | 'details'>> {
    try {
      const { status, details } = await this.health.check([
        () => this.checks.database(),
        () => this.checks.policyData(),
        ...this.checks.decisionPoint(),
        ...(await this.checks.keys()),
      ]);
      return { status, details };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const { error: failed = {}, details } = error.getResponse() as HealthCheckResult; // what terminus throws
      // Without a failed check the service is shutting down, so that no new requests are sent to it.
      const detail = `Not ready: ${Object.keys(failed).join(', ') || 'shutting down'}`;
      throw new ServiceUnavailableException({ ...errorBody(503, detail), details }, { cause: error });
    }
  }
}
