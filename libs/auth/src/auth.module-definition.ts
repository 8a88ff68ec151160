import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AuthModuleOptions } from './auth-options.js';

/** What is decided where the module is imported, beside the options. */
export interface AuthModuleExtras {
  /** Whether the module's providers can be injected everywhere. The guards are global in any case. @default true */
  isGlobal?: boolean;
  /** Where clients find out how to sign in; `false`: nowhere. @default { path: 'apis/auth/discovery' } */
  discovery?: false | { path: string };
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AuthModuleOptions>({
  moduleName: 'Auth',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createAuthOptions')
  .build();
