import { Inject, Injectable } from '@nestjs/common';
import { type Connection, Database } from '../../storage/database.js';
import { LiveBindings } from './live-bindings.js';
import { Propagation } from './propagation.js';

const HERE_TIMEOUT_MS = 2000;

/** Runs what changes roles. */
@Injectable()
export class RoleTransactions {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LiveBindings) private readonly bindings: LiveBindings,
    @Inject(Propagation) private readonly propagation: Propagation,
  ) {}

  /** When it returns, the transaction is committed and this instance decides by the roles it has left. */
  async run<T>(work: (transaction: Connection) => Promise<T>): Promise<T> {
    const result = await this.database.transaction(work);
    // Where notifications do not come, reading everything is slow but right; if that fails too, the next refresh is.
    if (!(await this.propagation.reachesHere(HERE_TIMEOUT_MS))) await this.bindings.refresh();
    return result;
  }
}
