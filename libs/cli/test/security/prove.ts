import { afterAll, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../support/command-line.js';

/** One attack or mishap, and what must come of it; each row also shows the closest thing to it that works. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly prove: (line: CommandLine) => Promise<void>;
}

/**
 * Proves every row with a program of its own, and at the end prints which cases are proven.
 * @param ids The cases of the section.
 */
export function proveRows(letter: string, ids: readonly string[], rows: readonly Row[]): void {
  const left = new Set(ids);
  const pending = new Map<string, number>();
  for (const { id } of rows) pending.set(id, (pending.get(id) ?? 0) + 1);

  describe(`security ${letter}`, () => {
    it.each(rows)('$id: $what', async ({ id, prove }) => {
      const line = await CommandLine.start();
      try {
        await prove(line);
      } finally {
        await line.end();
      }
      const open = (pending.get(id) ?? 0) - 1;
      pending.set(id, open);
      if (open === 0) left.delete(id);
    });

    it('has a row for every case', () => {
      expect([...pending.keys()].toSorted()).toEqual([...ids].toSorted());
    });
  });

  afterAll(() => {
    const proven = ids.filter((id) => !left.has(id));
    process.stdout.write(`${letter}: ${proven.join(' ')} (${proven.length} of ${ids.length})\n`);
  });
}
