// Control characters, ends of lines, and what turns the direction of writing, so that a text shows what it says.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const tokens = /eyJ[\w-]{8,}(?:\.[\w-]*)*/g;
const credentials = /\b(bearer|basic|dpop)(\s|%20|\+)+[^\s,;/]{16,}/gi;

/** A text from outside as it is written down: printable, of limited length, and without what looks like a token. */
export function writtenText(text: string, maxLength = 256): string {
  const masked = text
    .slice(0, 16_384)
    .replaceAll(credentials, '$1 [hidden]')
    .replaceAll(tokens, '[hidden]')
    .replaceAll(unprintable, ' ')
    // Half a character cannot be stored.
    .replaceAll(/\p{Cs}/gu, '\u{fffd}');
  const characters = Array.from(masked.slice(0, 2 * maxLength + 2));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : characters.join('');
}

/** The same for what may be missing. */
export function optionalWrittenText(text: string | null | undefined, maxLength?: number): string | null {
  return text === undefined || text === null ? null : writtenText(text, maxLength);
}
