import { Inject, Injectable } from '@nestjs/common';
import { Propagation } from '../policy/live/propagation.js';
import { type Connection, Database } from '../storage/database.js';
import { LiveAccessKeys } from './live-access-keys.js';

const EVERYWHERE_TIMEOUT_MS = 5000;

/** Runs what makes and ends access keys. */
@Injectable()
export class AccessKeyTransactions {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LiveAccessKeys) private readonly keys: LiveAccessKeys,
    @Inject(Propagation) private readonly propagation: Propagation,
  ) {}

  /** When it returns, the transaction is committed and every instance that can be reached knows the keys it has left. */
  async run<T>(work: (transaction: Connection) => Promise<T>): Promise<T> {
    const result = await this.database.transaction(work);
    // Where notifications do not come, reading everything is slow but right; if that fails too, the next refresh is.
    if (!(await this.propagation.reachesAll(EVERYWHERE_TIMEOUT_MS))) await this.keys.refresh();
    return result;
  }
}
