// What a terminal obeys, and what turns the direction of text around. Both formats can write it otherwise.
const hidden = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;
const everyHidden = new RegExp(hidden, 'gu');

/** Data as JSON, in which nothing is lost and nothing reaches the terminal but what can be seen. */
export function jsonOf(data: unknown): string {
  return `${escaped(JSON.stringify(data, null, 2))}\n`;
}

/** Data as YAML, likewise. */
export async function yamlOf(data: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(data);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && hidden.test(node.value)) node.type = 'QUOTE_DOUBLE'; // it alone has escapes
    },
  });
  return escaped(document.toString());
}

function escaped(text: string): string {
  return text.replaceAll(everyHidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
