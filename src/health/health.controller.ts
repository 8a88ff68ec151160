import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Public } from '@nmp/auth';
import { sql } from 'drizzle-orm';
import { errorBody } from '../http/error-body.js';
import { LiveBindings } from '../policy/live/live-bindings.js';
import { Database } from '../storage/database.js';

/** Tells whether the process runs, and whether it can serve. */
@Public()
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(Database) private readonly database: Database,
    @Inject(LiveBindings) private readonly bindings: LiveBindings,
  ) {}

  @Get(['health/live', 'health', 'healthz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** @throws {ServiceUnavailableException} in the shape of every other error, naming what does not answer. */
  @Get(['health/ready', 'ready', 'readyz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  async ready(): Promise<HealthCheckResult> {
    try {
      return await this.health.check([() => this.checkDatabase(), () => this.checkPolicyData()]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const { error: failed = {} } = error.getResponse() as HealthCheckResult; // what terminus throws
      // Without a failed check the service is shutting down, so that no new requests are sent to it.
      const detail = `Not ready: ${Object.keys(failed).join(', ') || 'shutting down'}`;
      throw new ServiceUnavailableException(errorBody(503, detail), { cause: error });
    }
  }

  /** Whether decisions are made from role bindings that could be read lately. */
  private checkPolicyData() {
    const indicator = this.indicators.check('policy data');
    const { problem } = this.bindings;
    return problem === undefined ? indicator.up() : indicator.down(problem.message);
  }

  private async checkDatabase() {
    const indicator = this.indicators.check('database');
    try {
      await this.database.execute(sql`select 1`);
      return indicator.up();
    } catch (error) {
      return indicator.down((error as Error).message);
    }
  }
}
