import { Global, Module } from '@nestjs/common';
import { ActiveAccessKeys } from '../../access-keys/active-access-keys.js';
import { OwnKeys } from './own-keys.js';

/** Holds what the auth module verifies the platform's own tokens by, from before there is a database. */
@Global()
@Module({ providers: [OwnKeys, ActiveAccessKeys], exports: [OwnKeys, ActiveAccessKeys] })
export class OwnKeysModule {}
