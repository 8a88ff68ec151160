/**
 * @typedef {object} Part what is tried against one counterpart
 * @property {string} name
 * @property {string} version
 * @property {'provider' | 'simulated provider' | 'gateway' | 'broker' | 'dialogues'} kind
 * @property {{ name: string, result: 'passed' | 'failed' | 'not offered' | 'unavailable', reason?: string }[]} checks
 */

/** Runs checks one after the other, says how each went, counts, and keeps what was tried against which counterpart. */
export class Tally {
  passed = 0;
  failed = 0;
  /** @type {Part[]} in the order they began */
  parts = [];
  #checks = [];

  /**
   * From now on checks are about this counterpart: `docs/compatibility.md` has a column for it.
   *
   * @param {Omit<Part, 'checks'>} part
   */
  begin({ name, version, kind }) {
    this.#checks = [];
    this.parts.push({ name, version, kind, checks: this.#checks });
    console.log(`\n${name} ${version}`);
  }

  /** What follows is about no counterpart in particular. */
  end() {
    this.#checks = [];
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} check throws when something is not as it must be
   * @returns {Promise<T | undefined>} what the check returned, `undefined` when it failed
   */
  async run(name, check) {
    const startedAt = performance.now();
    try {
      const result = await check();
      this.passed += 1;
      this.#checks.push({ name, result: 'passed' });
      row('ok', seconds(startedAt), name);
      return result;
    } catch (error) {
      this.failed += 1;
      this.#checks.push({ name, result: 'failed' });
      row('FAILED', seconds(startedAt), name);
      console.log(indented(error.message));
      return undefined;
    }
  }

  /** Notes a check that could not be made on this machine; it counts neither way. */
  unavailable(name, reason) {
    this.#checks.push({ name, result: 'unavailable', reason });
    row('unavailable:', '', `${name} (${reason})`);
  }

  /** Notes a check of something that the other side does not do; it counts neither way. */
  notOffered(name, reason) {
    this.#checks.push({ name, result: 'not offered', reason });
    row('not offered:', '', `${name} (${reason})`);
  }

  /** Prints the closing line and sets the exit code. */
  close() {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    if (this.failed > 0) process.exitCode = 1;
  }
}

function row(result, time, name) {
  console.log(`  ${result.padEnd(12)} ${time.padStart(7)}  ${name}`);
}

function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

function indented(text) {
  return text.replaceAll(/^/gm, '                        ');
}
