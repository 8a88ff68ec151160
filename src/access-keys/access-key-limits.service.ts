import { ConflictException, Inject, Injectable } from '@nestjs/common';
import { PLATFORM_CONFIG } from '../config/config.module.js';
import type { PlatformConfig } from '../config/platform-config.js';
import { errorBody } from '../http/error-body.js';
import type { Connection } from '../storage/database.js';
import type { AccessKeyOwner } from './access-key-owner.js';
import { AccessKeysRepository } from './access-keys.repository.js';

const DAY_MS = 86_400_000;
/** Keys that have ended are kept for a while: who makes and ends them all day must come to an end, too. */
const MADE_A_DAY_PER_KEY = 10;
/** So that one who may have few can still rotate them every hour. */
const MADE_A_DAY_AT_LEAST = 100;

/** How many access keys an owner may have, and make. To be asked while the owner is locked. */
@Injectable()
export class AccessKeyLimits {
  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PlatformConfig, 'accessKeys'>,
    @Inject(AccessKeysRepository) private readonly keys: AccessKeysRepository,
  ) {}

  /**
   * @param replaced whether the new key takes the place of one that ends now, so that they are no more than before
   * @throws {ConflictException} when the owner may not have, or make, one more
   */
  async checkOneMore(connection: Connection, owner: AccessKeyOwner, now: Date, replaced = false): Promise<void> {
    const maxPerOwner = this.config.accessKeys?.maxPerOwner ?? 0;
    if (!replaced && (await this.keys.countUsable(connection, owner, now)) >= maxPerOwner) {
      throw conflict(`You have ${maxPerOwner} access keys, and may not have more: revoke one`);
    }
    const maxMade = Math.max(MADE_A_DAY_PER_KEY * maxPerOwner, MADE_A_DAY_AT_LEAST);
    const dayAgo = new Date(now.getTime() - DAY_MS);
    if ((await this.keys.countMadeSince(connection, owner, dayAgo)) >= maxMade) {
      throw conflict(`You have made ${maxMade} access keys within a day, and may not make more: try again tomorrow`);
    }
  }
}

function conflict(detail: string): ConflictException {
  return new ConflictException(errorBody(409, detail));
}
