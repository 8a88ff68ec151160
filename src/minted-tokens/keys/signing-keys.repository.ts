import { Injectable } from '@nestjs/common';
import { asc, inArray, sql } from 'drizzle-orm';
import type { Connection } from '../../storage/database.js';
import { accessKeys, type SigningKeyRow, signingKeys } from '../../storage/schema.js';
import { withoutParameters } from './private-statement.js';

/** Keeps the key pairs that sign the platform's own tokens. */
@Injectable()
export class SigningKeysRepository {
  /** All keys, the oldest first. */
  async findAll(connection: Connection): Promise<SigningKeyRow[]> {
    return withoutParameters(() => connection.select().from(signingKeys).orderBy(asc(signingKeys.generation)));
  }

  /**
   * Until when access keys that a key may have signed can be used, by its generation. Those that were made before the next
   * key signed count, and, for clocks differ, a little after.
   */
  async findNeeds(connection: Connection): Promise<ReadonlyMap<number, Date>> {
    const { generation, signsFrom } = signingKeys;
    const terms = connection
      .select({
        generation,
        signedUntil: sql<Date>`lead(${signsFrom}) over (order by ${generation})`.as('signed_until'),
      })
      .from(signingKeys)
      .as('terms');
    const ends = sql`max(least(${accessKeys.expiresAt}, ${accessKeys.endsAt}))`;
    const rows = await withoutParameters(() =>
      connection
        .select({ generation: terms.generation, neededUntil: ends.mapWith(accessKeys.expiresAt) })
        .from(terms)
        .innerJoin(accessKeys, sql`${accessKeys.createdAt} <= ${terms.signedUntil} + interval '15 minutes'`)
        .groupBy(terms.generation),
    );
    return new Map(rows.map((row) => [row.generation, row.neededUntil]));
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
