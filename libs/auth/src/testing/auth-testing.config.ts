import { HttpAdapterHost } from '@nestjs/core';
import { type AuthConfig, authConfigOf } from '../auth-config.js';
import { MODULE_OPTIONS_TOKEN } from '../auth.module-definition.js';
import type { AuthModuleOptions } from '../auth-options.js';
import { Clock } from '../clock.js';
import { PlayedIssuers } from './played-issuers.js';
import { refuseProduction } from './refuse-production.js';
import { TestCallers } from './test-callers.js';
import { testedApps } from './tested-apps.js';

/** What `overrideProvider(AuthConfig).useFactory()` takes. */
export interface AuthConfigOverride {
  /** Makes the configuration of the test of the options of the application. */
  factory(options: AuthModuleOptions, clock: Clock, host: HttpAdapterHost): AuthConfig;
  inject: unknown[];
}

/**
 * Plays the issuers of an application that imports `AuthModule.forRoot()` or `forRootAsync()` itself. Its own options stay
 * as they are: names of issuers, audience, prefix of scopes, places of claims, everything that is verified.
 * @param changes options of `AuthModule` that are others in tests
 * @example
 * Test.createTestingModule({ imports: [AppModule] }).overrideProvider(AuthConfig).useFactory(authTestingConfig())
 */
export function authTestingConfig(changes: AuthModuleOptions = {}): AuthConfigOverride {
  refuseProduction();
  return {
    inject: [MODULE_OPTIONS_TOKEN, Clock, HttpAdapterHost],
    factory: (options, clock, host) => {
      const own = authConfigOf(changedOptions(options, changes));
      const issuers = new PlayedIssuers(own);
      const config = Object.freeze<AuthConfig>({ ...own, fetch: issuers.fetch });
      testedApps.add(config, { callers: new TestCallers(issuers, config, clock), host });
      return config;
    },
  };
}

/** Options with changes, which leave the other members of `oidc` as they are. */
export function changedOptions(options: AuthModuleOptions, changes: AuthModuleOptions): AuthModuleOptions {
  const oidc = options.oidc || changes.oidc ? { oidc: { ...options.oidc, ...changes.oidc } } : {};
  return { ...options, ...changes, ...oidc };
}
