/** Runs checks one after the other, says how each went, and counts. */
export class Tally {
  passed = 0;
  failed = 0;

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
      row('ok', seconds(startedAt), name);
      return result;
    } catch (error) {
      this.failed += 1;
      row('FAILED', seconds(startedAt), name);
      console.log(indented(error.message));
      return undefined;
    }
  }

  /** Notes a check that could not be made on this machine; it counts neither way. */
  unavailable(name, reason) {
    row('unavailable:', '', `${name} (${reason})`);
  }

  /** Notes a check of something that the other side does not do; it counts neither way. */
  notOffered(name, reason) {
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
