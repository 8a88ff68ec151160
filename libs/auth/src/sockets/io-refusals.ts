import { AccessDeniedError } from '@nmp/tokens';

const MAX_REFUSED = 3;

interface Attempts {
  refused: number;
  last: Promise<unknown>;
}

/**
 * Counts what is refused over each connection of Engine.IO. A client may ask for any number of namespaces over one, and
 * would otherwise try any number of tokens there, unseen by what limits the connections and requests of an address.
 */
export class IoRefusals {
  private readonly attempts = new WeakMap<object, Attempts>();

  /**
   * Tries one after the other, so that those that were sent together are counted, too.
   * @throws {AccessDeniedError} Too many were refused before: it is not tried.
   */
  async attempt<T>(connection: object, verify: () => Promise<T>): Promise<T> {
    const attempts = this.attempts.get(connection) ?? { refused: 0, last: Promise.resolve() };
    this.attempts.set(connection, attempts);
    const outcome = attempts.last.then(async () => {
      if (attempts.refused >= MAX_REFUSED) throw new AccessDeniedError('Forbidden: too many attempts were refused');
      try {
        return await verify();
      } catch (error) {
        attempts.refused += 1;
        throw error;
      }
    });
    attempts.last = outcome.catch(() => undefined);
    return outcome;
  }

  /** Whether a connection has had its attempts. */
  isOver(connection: object): boolean {
    return (this.attempts.get(connection)?.refused ?? 0) >= MAX_REFUSED;
  }
}
