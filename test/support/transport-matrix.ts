import { expect } from '@jest/globals';
import { SigningKey, type TestIssuer } from '@nmp/auth/testing';

/** The scope that a handler has to ask for to be tried. */
export const MATRIX_SCOPE = 'models:read';

/** A way to a handler that asks for {@link MATRIX_SCOPE}. */
export interface WayIn {
  /** Names the row. */
  readonly name: string;
  /** Calls the handler with a token, or with none. @returns `ok`, or the code of the refusal */
  call(token: string | undefined): Promise<string>;
  /** How often the handler has run. */
  handled(): number;
}

const callers: Readonly<Record<string, { expected: string; token(issuer: TestIssuer): Promise<string | undefined> }>> =
  {
    'no token': { expected: 'missing_token', token: () => Promise.resolve(undefined) },
    bad: { expected: 'token_signature', token: forged },
    expired: {
      expected: 'token_expired',
      token: (issuer) => issuer.accessToken({ scope: MATRIX_SCOPE, expiresInSeconds: -3600 }),
    },
    'missing scope': { expected: 'insufficient_scope', token: (issuer) => issuer.accessToken({ scope: 'files:read' }) },
    good: { expected: 'ok', token: (issuer) => issuer.accessToken({ scope: MATRIX_SCOPE }) },
  };

/** Signed with a key of the same name that is not the issuer's. */
async function forged(issuer: TestIssuer): Promise<string> {
  const { algorithm, kid } = issuer.signingKey;
  return issuer.accessToken({ scope: MATRIX_SCOPE, key: await SigningKey.generate(algorithm, kid) });
}

/**
 * Tries every way in with the same callers, and remembers what came of each.
 * @example
 * const matrix = new TransportMatrix();
 * afterAll(() => matrix.print());
 * it('lets only good tokens in', () => matrix.try({ name: 'TCP', call, handled: () => reached.length }, issuer));
 */
export class TransportMatrix {
  private readonly rows = new Map<string, Map<string, boolean>>();

  /** Expects of each caller the code it must get, and that the handler has run for the good one alone. */
  async try(way: WayIn, issuer: TestIssuer): Promise<void> {
    const row = new Map<string, boolean>();
    this.rows.set(way.name, row);
    for (const [caller, { expected, token }] of Object.entries(callers)) {
      const before = way.handled();
      const outcome = await way.call(await token(issuer));
      const actual = { outcome, ran: way.handled() - before };
      const wanted = { outcome: expected, ran: expected === 'ok' ? 1 : 0 };
      row.set(caller, actual.outcome === wanted.outcome && actual.ran === wanted.ran);
      expect({ way: way.name, caller, ...actual }).toEqual({ way: way.name, caller, ...wanted });
    }
  }

  /** Writes the table: a row for each way in, a column for each caller. */
  print(): void {
    const columns = Object.keys(callers);
    const width = Math.max(...[...this.rows.keys()].map((name) => name.length), 0);
    const lines = [...this.rows].map(([name, row]) => [
      name.padEnd(width),
      ...columns.map((column) => markOf(row.get(column)).padEnd(column.length)),
    ]);
    const table = [[''.padEnd(width), ...columns], ...lines].map((cells) => cells.join('  '));
    process.stdout.write(`\n${table.join('\n')}\n`);
  }
}

function markOf(passed: boolean | undefined): string {
  if (passed === undefined) return '–';
  return passed ? '✓' : '✗';
}
