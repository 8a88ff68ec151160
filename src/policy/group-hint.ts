const UUID_OR_HEX = /^[\dA-F-]{8,}$/i;
/** A few words, as people name groups; ids of providers have more digits, or other marks. */
const WORDS = /^[A-Z][A-Z]*(?:[-_][A-Z\d]+)*$/i;

/** Says how a group is written, where what was written looks like one: a bare word is an id. */
export function suggestGroup(word: string): string | undefined {
  if (UUID_OR_HEX.test(word) || !WORDS.test(word)) return undefined;
  return `'${word}' is the id of a user or client; a group is written group:${word}`;
}
