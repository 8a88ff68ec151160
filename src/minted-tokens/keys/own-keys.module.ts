import { Global, Module } from '@nestjs/common';
import { OwnKeys } from './own-keys.js';

/** Holds what the auth module reads the platform's own keys from. */
@Global()
@Module({ providers: [OwnKeys], exports: [OwnKeys] })
export class OwnKeysModule {}
