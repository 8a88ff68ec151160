/**
 * Whether an SPDX expression can be met with licences of a list: `MIT OR GPL-2.0` with MIT alone, `MIT AND GPL-2.0` with both.
 *
 * @param {string} expression
 * @param {ReadonlySet<string>} allowed identifiers such as `Apache-2.0`
 * @returns {boolean} false as well for what is no expression
 */
export function isMetBy(expression, allowed) {
  const reader = new ExpressionReader(expression, allowed);
  const isMet = reader.alternatives();
  return isMet && reader.isWhole;
}

/** Reads an expression from left to right; both sides are read, whatever the first says. */
class ExpressionReader {
  #words;
  #allowed;
  #isBroken = false;

  constructor(expression, allowed) {
    this.#words = expression.match(/[()]|[^\s()]+/g) ?? [];
    this.#allowed = allowed;
  }

  get isWhole() {
    return !this.#isBroken && this.#words.length === 0;
  }

  alternatives() {
    let isMet = this.#conjunction();
    while (this.#takes('OR')) isMet = this.#conjunction() || isMet;
    return isMet;
  }

  #conjunction() {
    let isMet = this.#operand();
    while (this.#takes('AND')) isMet = this.#operand() && isMet;
    return isMet;
  }

  #operand() {
    if (!this.#takes('(')) {
      const word = this.#words.shift();
      this.#isBroken ||= word === undefined;
      return this.#allowed.has(word);
    }
    const isMet = this.alternatives();
    this.#isBroken ||= !this.#takes(')');
    return isMet;
  }

  #takes(word) {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }
}
