/** A secret that is shorter could be any word. */
const shortest = 12;
/** What a compact token of three parts looks like, whoever made it. */
const tokenShape = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g;
/** Printed in the guides, for one machine: secret from nobody. */
const published = new Set(['alice-password', 'admin-password']);

/** The secrets of one test file, and everything that it and its programs have written. */
export class LeakWatch {
  #kinds = new Map();
  #outputs = new Map();

  /**
   * Something that nobody may read in any output.
   *
   * @param {string} kind such as `password`
   * @param {unknown} value
   */
  secret(kind, value) {
    if (typeof value !== 'string' || value.length < shortest || published.has(value)) return;
    this.#kinds.set(value, kind);
  }

  /**
   * Something that was written where people look for what went on.
   *
   * @param {string} source such as `stderr of node`
   * @param {unknown} text
   */
  output(source, text) {
    const chunks = this.#outputs.get(source) ?? [];
    chunks.push(textOf(text));
    this.#outputs.set(source, chunks);
  }

  /** @returns {string[]} one line per secret and output, with the secret taken out */
  leaks() {
    return [...this.#outputs].flatMap(([source, chunks]) => this.#leaksIn(source, chunks.join('')));
  }

  #leaksIn(source, text) {
    const words = new Set(text.split(/[^\w~+/-]+/));
    const found = new Map();
    for (const [value, kind] of this.#kinds) {
      for (const part of partsOf(value)) {
        if (words.has(part) || (/[^\w~+/-]/.test(part) && text.includes(part))) found.set(part, kind);
      }
    }
    for (const [token] of text.matchAll(tokenShape)) found.set(token, 'token');
    return [...found].map(([part, kind]) => `a ${kind} in ${source}: ${JSON.stringify(around(text, part))}`);
  }
}

/** What tells the secret on its own: of a token all but its header, which many tokens have. */
function partsOf(value) {
  const parts = value.split('.');
  if (parts.length === 3 && value.startsWith('eyJ')) return parts.slice(1).filter((part) => part.length >= shortest);
  return [value];
}

function around(text, part) {
  const at = text.indexOf(part);
  return `${text.slice(Math.max(0, at - 60), at)}[secret]`;
}

function textOf(value) {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()
    : String(value);
}
