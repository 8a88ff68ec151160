import type { DynamicModule } from '@nestjs/common';
import { ConfigModule, getConfigToken, registerAs } from '@nestjs/config';
import type { PlatformConfig } from './platform-config.js';

const NAMESPACE = 'platform';

/** Injects the whole configuration: `@Inject(PLATFORM_CONFIG) config: PlatformConfig`. */
export const PLATFORM_CONFIG = getConfigToken(NAMESPACE);

/** Holds the checked configuration for injection. It reads nothing itself: no `.env` file, no variables. */
export function configModule(config: PlatformConfig): Promise<DynamicModule> {
  return ConfigModule.forRoot({
    isGlobal: true,
    ignoreEnvFile: true,
    skipProcessEnv: true,
    load: [registerAs(NAMESPACE, () => config)],
  });
}
