import { type ConfigurableModuleAsyncOptions, type DynamicModule, Inject, Module, Optional } from '@nestjs/common';
import { AuthConfigError } from '@nmp/tokens';
import { AuthConfig } from './auth-config.js';
import { AuthCoreModule } from './auth-core.module.js';
import type { AuthModuleOptions } from './auth-options.js';
import { type AuthModuleExtras, ConfigurableModuleClass } from './auth.module-definition.js';
import { discoveryController } from './http/discovery.controller.js';

/** Makes the options for `forRootAsync({ useClass })` and `useExisting`. */
export interface AuthOptionsFactory {
  /** Called once, when the application starts. */
  createAuthOptions(): AuthModuleOptions | Promise<AuthModuleOptions>;
}

/**
 * Guards every handler of the application with OpenID Connect access tokens.
 *
 * Importing `AuthModule.forRoot(…)` in the root module closes every route; `@Public()` opens one. Feature modules may
 * import `AuthModule` as it is, to say that they need it: that adds nothing.
 * @example
 * @Module({ imports: [AuthModule.forRoot({ oidc: { issuer: 'https://idp.example.com', clientId: 'my-api' } })] })
 * export class AppModule {}
 */
@Module({})
export class AuthModule extends ConfigurableModuleClass {
  constructor(@Optional() @Inject(AuthConfig) config?: AuthConfig) {
    super();
    // Imported without options, and nobody gave any: a guard that is thought to be there must be there.
    if (config === undefined) {
      throw new AuthConfigError([
        'AuthModule is imported without options: import AuthModule.forRoot({ … }) in the root module',
      ]);
    }
  }

  /** @throws {AuthConfigError} at bootstrap, naming every option that is wrong. */
  static override forRoot(options: AuthModuleOptions & AuthModuleExtras): DynamicModule {
    // JavaScript callers may leave the options out: then the missing ones are named like any others.
    const { isGlobal, discovery, ...rest } = (options as typeof options | undefined) ?? {};
    return withExtras(super.forRoot(rest), { isGlobal, discovery });
  }

  /** As {@link forRoot}, with options from `useFactory`, `useClass` or `useExisting`. */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<AuthModuleOptions, 'createAuthOptions'> & AuthModuleExtras,
  ): DynamicModule {
    const { isGlobal, discovery, ...rest } = options;
    return withExtras(super.forRootAsync(rest), { isGlobal, discovery });
  }
}

function withExtras(
  { module: _self, ...core }: DynamicModule,
  { isGlobal, discovery }: AuthModuleExtras,
): DynamicModule {
  const path = discovery === false ? undefined : (discovery?.path ?? 'apis/auth/discovery');
  const controllers = path === undefined ? [] : [discoveryController(path)];
  const imports = [{ ...core, module: AuthCoreModule, global: isGlobal ?? true, controllers }];
  return { module: AuthModule, imports, exports: [AuthCoreModule] };
}
