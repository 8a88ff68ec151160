import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AuthModule } from '@nmp/auth';
import { AllowedRequestInterceptor } from './audit/allowed-request.interceptor.js';
import { AuditModule } from './audit/audit.module.js';
import { RefusalInterceptor } from './audit/refusal.interceptor.js';
import { configModule, PLATFORM_CONFIG } from './config/config.module.js';
import type { PlatformConfig } from './config/platform-config.js';
import { HealthModule } from './health/health.module.js';
import { PlatformErrorFilter } from './http/platform-error.filter.js';
import { RequestBodyInterceptor } from './http/request-body.interceptor.js';
import { RequestBodyPipe } from './http/request-body.pipe.js';
import { IdentityModule } from './identity/identity.module.js';
import { LogLevelModule } from './logging/log-level.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { AccessKeysModule } from './access-keys/access-keys.module.js';
import { ActiveAccessKeys } from './access-keys/active-access-keys.js';
import { authOptionsWithOwnTokens } from './minted-tokens/auth-options.js';
import { OwnKeys } from './minted-tokens/keys/own-keys.js';
import { OwnKeysModule } from './minted-tokens/keys/own-keys.module.js';
import { MintedTokensModule } from './minted-tokens/minted-tokens.module.js';
import { MembersModule } from './members/members.module.js';
import { BundleModule } from './policy/bundle/bundle.module.js';
import { EmbeddedPolicyModule } from './policy/decisions/embedded-policy.module.js';
import { OpaPolicyModule } from './policy/decisions/opa-policy.module.js';
import { RequestDecisionInterceptor } from './policy/decisions/request-decision.interceptor.js';
import { ProjectsModule } from './projects/projects.module.js';
import { RoleBindingsModule } from './role-bindings/role-bindings.module.js';
import { StorageModule } from './storage/storage.module.js';
import { WhoamiModule } from './whoami/whoami.module.js';
import { WorkspacesModule } from './workspaces/workspaces.module.js';

/** The platform service. Every route is guarded by the auth module unless it is marked public. */
@Module({})
export class AppModule {
  /** @param parts modules that not every configuration has */
  static forRoot(config: PlatformConfig, parts: readonly Type[] = []): DynamicModule {
    const asksOpa = config.policy.provider === 'opa';
    return {
      module: AppModule,
      imports: [
        configModule(config),
        AuthModule.forRootAsync({
          inject: [PLATFORM_CONFIG, OwnKeys, ActiveAccessKeys],
          useFactory: authOptionsWithOwnTokens,
        }),
        OwnKeysModule,
        StorageModule,
        HealthModule,
        LogLevelModule,
        ...(config.metrics.enabled ? [MetricsModule.forRoot(config.metrics)] : []),
        MintedTokensModule,
        AccessKeysModule,
        IdentityModule,
        WhoamiModule,
        WorkspacesModule,
        MembersModule,
        ProjectsModule,
        RoleBindingsModule,
        AuditModule,
        BundleModule,
        asksOpa ? OpaPolicyModule : EmbeddedPolicyModule,
        ...parts,
      ],
      providers: [
        { provide: APP_FILTER, useClass: PlatformErrorFilter },
        { provide: APP_INTERCEPTOR, useClass: RefusalInterceptor },
        { provide: APP_INTERCEPTOR, useClass: AllowedRequestInterceptor },
        // In this order: no body is read before the request may pass.
        ...(asksOpa ? [{ provide: APP_INTERCEPTOR, useClass: RequestDecisionInterceptor }] : []),
        { provide: APP_INTERCEPTOR, useClass: RequestBodyInterceptor },
        { provide: APP_PIPE, useClass: RequestBodyPipe },
      ],
    };
  }
}
