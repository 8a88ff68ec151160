import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthConfig, authConfigOf } from '../auth-config.js';
import type { AuthModuleExtras } from '../auth.module-definition.js';
import { AuthModule } from '../auth.module.js';
import type { AuthModuleOptions } from '../auth-options.js';
import { Clock } from '../clock.js';
import { changedOptions } from './auth-testing.config.js';
import { PlayedIssuers } from './played-issuers.js';
import { refuseProduction } from './refuse-production.js';
import { TestCallers } from './test-callers.js';
import { testedApps } from './tested-apps.js';

const defaults: AuthModuleOptions = { oidc: { issuer: 'https://issuer.example', clientId: 'test-client' } };

@Module({})
class AuthTestingModule {}

/**
 * `AuthModule.forRoot()` for the tests of a feature module: the same guards, decorators and verification, and issuers that
 * are played within the process, under the names in the options.
 * @param options of `AuthModule`; issuer and client may be left out
 * @example
 * Test.createTestingModule({ imports: [authTestingModule(), ReportsModule] })
 * @throws {AuthConfigError} naming every option that is wrong
 */
export function authTestingModule(options: AuthModuleOptions & AuthModuleExtras = {}): DynamicModule {
  refuseProduction();
  const { isGlobal, discovery, ...rest } = options;
  const given = changedOptions(defaults, rest);
  const issuers = new PlayedIssuers(authConfigOf(given));
  return {
    module: AuthTestingModule,
    imports: [AuthModule.forRoot({ ...given, isGlobal, discovery, fetch: issuers.fetch })],
    providers: [
      {
        provide: TestCallers,
        useFactory: (config: AuthConfig, clock: Clock, host: HttpAdapterHost) => {
          const callers = new TestCallers(issuers, config, clock);
          testedApps.add(config, { callers, host });
          return callers;
        },
        inject: [AuthConfig, Clock, HttpAdapterHost],
      },
    ],
  };
}
