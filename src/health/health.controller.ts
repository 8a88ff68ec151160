import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Public } from '@nmp/auth';
import { sql } from 'drizzle-orm';
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
  ) {}

  @Get(['health/live', 'health', 'healthz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  live() {
    return this.health.check([]);
  }

  @Get(['health/ready', 'ready', 'readyz'])
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  ready() {
    return this.health.check([() => this.checkDatabase()]);
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
