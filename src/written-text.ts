// Control characters, ends of lines, and what turns the direction of writing, so that a text shows what it says.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// Inside a word only what goes on as a token does: "eyJ" is in names, too.
const tokens = /(?<![\p{L}\p{N}])eyJ[\w-]{8,}(?:\.[\w-]*)*|eyJ[\w-]{8,}\.eyJ[\w-]*(?:\.[\w-]*)*/gu;
// Letters, digits, and - . _ ~
const escapedCharacters = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi;
const credentials = /\b(bearer|basic|dpop)(\s|%20)+[^\s,;/]{16,}/gi;

/** A text from outside as it is written down: printable, of limited length, and without what looks like a token. */
export function writtenText(text: string, maxLength = 256): string {
  return writtenName(withoutTokens(text.slice(0, 16_384)), maxLength);
}

/** Also those in which letters are escaped: what is escaped needlessly means the same. @see RFC 3986 §2.3 */
function withoutTokens(text: string): string {
  const plain = text.replaceAll(escapedCharacters, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
  const shown = plain.replaceAll(credentials, '$1 [hidden]').replaceAll(tokens, '[hidden]');
  return shown === plain ? text : shown;
}

/**
 * The name of somebody or something as it is written down: printable and of limited length, and nothing of it hidden. Who
 * chooses a name must not choose that nobody gets to know it.
 */
export function writtenName(name: string, maxLength = 256): string {
  const printable = name
    .slice(0, 16_384)
    .replaceAll(unprintable, ' ')
    // Half a character cannot be stored.
    .replaceAll(/\p{Cs}/gu, '\u{fffd}');
  const characters = Array.from(printable.slice(0, 2 * maxLength + 2));
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : characters.join('');
}

/** {@link writtenName} of what may be missing. */
export function optionalWrittenName(name: string | null | undefined, maxLength?: number): string | null {
  return name === undefined || name === null ? null : writtenName(name, maxLength);
}
