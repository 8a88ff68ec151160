import { Injectable } from '@nestjs/common';
import { asc, inArray } from 'drizzle-orm';
import type { Connection } from '../../storage/database.js';
import { type SigningKeyRow, signingKeys } from '../../storage/schema.js';
import { withoutParameters } from './private-statement.js';

/** Keeps the key pairs that sign the platform's own tokens. */
@Injectable()
export class SigningKeysRepository {
  /** All keys, the oldest first. */
  async findAll(connection: Connection): Promise<SigningKeyRow[]> {
    return withoutParameters(() => connection.select().from(signingKeys).orderBy(asc(signingKeys.generation)));
  }

  /** Stores a key unless another instance was first: of each generation there is one. */
  async insert(connection: Connection, row: SigningKeyRow): Promise<void> {
    await withoutParameters(() => connection.insert(signingKeys).values(row).onConflictDoNothing());
  }

  async delete(connection: Connection, generations: readonly number[]): Promise<void> {
    await withoutParameters(() =>
      connection.delete(signingKeys).where(inArray(signingKeys.generation, [...generations])),
    );
  }
}
