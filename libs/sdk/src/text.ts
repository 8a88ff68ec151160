// Control characters, and the marks that reverse the direction of text: a server's words may not move the cursor or lie about what they say.
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]+/gu;

/** A server's text, safe to show on a terminal: one line, no control characters, not endless. */
export function printable(text: string, maxLength = 300): string {
  const line = text.replaceAll(unprintable, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
