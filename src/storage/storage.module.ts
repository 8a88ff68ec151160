import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuthConfig } from '@nmp/auth';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { RoleCatalogue } from '../policy/engine/role-catalogue.js';
import { RolesModule } from '../policy/roles.module.js';
import { Database } from './database.js';
import { openStorage } from './open-storage.js';
import { Storage } from './storage.js';

/** Opens the database with the application and closes it after the last request has been answered. */
@Global()
@Module({
  imports: [RolesModule],
  providers: [
    {
      provide: Storage,
      // The auth module's configuration and the roles are asked for so that what is wrong is told before anything is opened.
      inject: [PLATFORM_CONFIG, AuthConfig, RoleCatalogue],
      useFactory: ({ dataDir, databaseUrl, auth }: PlatformConfig) =>
        openStorage({
          dataDir,
          warn: (line) => new Logger('Storage').warn(line),
          ...(databaseUrl !== undefined && { databaseUrl }),
          ...(auth.adminEmail !== undefined && { adminEmail: auth.adminEmail }),
        }),
    },
    { provide: Database, useFactory: ({ database }: Storage) => database, inject: [Storage] },
  ],
  exports: [Database, Storage],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(Storage) private readonly storage: Storage) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
