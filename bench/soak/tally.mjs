import { createHistogram } from 'node:perf_hooks';

/** Counts answers, and how long they took while that is of interest. */
export class Tally {
  /** Whether times are noted. */
  isTiming = true;
  #statuses = {};
  #problems = {};
  #unsent = 0;
  #without = 0;
  #times = createHistogram();

  /**
   * @param {import('./connection.mjs').Answer} answer
   * @param {number} milliseconds since it was due
   */
  note(answer, milliseconds) {
    if ('problem' in answer) {
      this.#problems[answer.problem] = (this.#problems[answer.problem] ?? 0) + 1;
      return;
    }
    this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1;
    if (answer.status === 503 && !answer.hasRetryAfter) this.#without += 1;
    if (this.isTiming && answer.status === 200) this.#times.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  /** One was due, and there was no connection to send it on. */
  noteUnsent() {
    this.#unsent += 1;
  }

  get result() {
    const milliseconds = (percentile) => this.#times.percentile(percentile) / 1000;
    return {
      statuses: this.#statuses,
      problems: this.#problems,
      unsent: this.#unsent,
      refusedWithoutRetryAfter: this.#without,
      p50: milliseconds(50),
      p99: milliseconds(99),
      max: this.#times.max / 1000,
    };
  }
}
