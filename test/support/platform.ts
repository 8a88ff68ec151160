import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import type { HttpLimits } from '../../src/http/http-limits.js';
import type { PlatformConfig } from '../../src/config/platform-config.js';
import { PolicyConfig } from '../../src/config/policy-config.js';
import { createPlatform } from '../../src/platform.factory.js';
import { watchedLogger } from './leaks/watched-output.js';
import { PreparedData } from './prepared-data.js';
import { freshDatabase } from './test-database.js';

/** A platform for tests: with data of its own, on a free port, trusting the issuer; `auth` and other parts can be replaced. */
export function platformConfig(issuer: string, difference: Partial<PlatformConfig> = {}): PlatformConfig {
  return {
    server: { host: '127.0.0.1', port: 0 },
    // All tests ask from one address.
    exposure: { trustedProxies: [], corsOrigins: [], rateLimit: false },
    // A test's process may be late for reasons of its own.
    loadLimits: { maxPendingRequests: 1000, maxEventLoopDelayMs: 0 },
    publicUrl: 'http://localhost:8080',
    dataDir: 'memory://',
    databaseUrl: undefined,
    audit: { retentionDays: 90 },
    log: { level: 'info' },
    metrics: { enabled: true, host: '127.0.0.1', port: undefined },
    signingKeys: { rotationDays: 30 },
    messaging: {},
    auth: {
      adminEmail: 'admin@example.com',
      scopeEnforcement: 'when-present',
      oidc: { issuer, clientId: 'nmp-cli', audience: 'nmp-platform' },
    },
    policy: Object.assign(new PolicyConfig(), { bundleCacheSeconds: 0 }),
    ...difference,
  };
}

/** Starts the platform, without any log unless one is given; on a database server if there is one for tests. */
export async function startPlatform(
  config: PlatformConfig,
  limits: Partial<HttpLimits> = {},
  logger: LoggerService | false = false,
): Promise<NestFastifyApplication> {
  if (config.dataDir !== 'memory://' || config.databaseUrl !== undefined) return start(config, limits, logger);
  const databaseUrl = await freshDatabase();
  if (databaseUrl !== undefined) return start({ ...config, databaseUrl }, limits, logger);
  const data = await PreparedData.make();
  const app = await start({ ...config, dataDir: data.directory }, limits, logger);
  const close = app.close.bind(app);
  app.close = async (...args) => {
    await close(...args);
    data.remove();
  };
  return app;
}

async function start(
  config: PlatformConfig,
  limits: Partial<HttpLimits>,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const app = await createPlatform(config, { logger: logger || watchedLogger, limits });
  await app.listen(config.server.port, '127.0.0.1');
  return app;
}

export type Method = 'get' | 'post' | 'put' | 'delete' | 'head';

/** Somebody who calls the platform with a token of their own. */
export class ApiCaller {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly token: string | undefined,
  ) {}

  static anonymous(app: NestFastifyApplication): ApiCaller {
    return new ApiCaller(app, undefined);
  }

  static async signedIn(app: NestFastifyApplication, issuer: TestIssuer, input: AccessTokenInput): Promise<ApiCaller> {
    return new ApiCaller(app, await issuer.accessToken({ audience: 'nmp-platform', ...input }));
  }

  request(method: Method, path: string, body?: object | string): supertest.Test {
    const request = supertest(this.app.getHttpServer())[method](path);
    if (this.token !== undefined) request.set('Authorization', `Bearer ${this.token}`);
    return body === undefined ? request : request.send(body);
  }

  /** A request on the workspaces API; `path` follows its root. */
  workspaces(method: Method, path = '', body?: object | string): supertest.Test {
    return this.request(method, `/apis/entities/v2/workspaces${path}`, body);
  }
}
