/** A button that submits its form. */
export interface FormButton {
  readonly label: string;
  readonly name?: string;
  readonly value: string;
}

/** A form as a page shows it. */
export interface HtmlForm {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  /** The named inputs and what stands in them, hidden ones included. */
  readonly fields: ReadonlyMap<string, string>;
  readonly buttons: readonly FormButton[];
}

const tagPattern = /<(\/?)(form|input|button)\b((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const attributePattern = /([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;

/** Finds the forms of a page; enough HTML for pages whose markup is regular. */
export function parseForms(html: string): HtmlForm[] {
  const forms: { action: string; method: 'GET' | 'POST'; fields: Map<string, string>; buttons: FormButton[] }[] = [];
  const markup = html.replace(/<!--[\s\S]*?-->/g, '');
  let isInside = false;
  for (const match of markup.matchAll(tagPattern)) {
    const [whole, slash, tag = '', rest = ''] = match;
    const attributes = parseAttributes(rest);
    const form = isInside ? forms.at(-1) : undefined;
    if (tag.toLowerCase() === 'form') {
      isInside = slash === '';
      const method = attributes.get('method')?.toUpperCase() === 'POST' ? 'POST' : 'GET';
      if (isInside) forms.push({ action: attributes.get('action') ?? '', method, fields: new Map(), buttons: [] });
    } else if (slash === '' && form !== undefined) {
      const name = attributes.get('name');
      const value = attributes.get('value') ?? '';
      const type = attributes.get('type')?.toLowerCase();
      if (tag.toLowerCase() === 'button') {
        const label = visibleText(markup.slice(match.index + whole.length).split(/<\/button/i)[0] ?? '');
        form.buttons.push({ label, value, ...(name === undefined ? {} : { name }) });
      } else if (type === 'submit') {
        form.buttons.push({ label: value, value, ...(name === undefined ? {} : { name }) });
      } else if (name !== undefined) {
        form.fields.set(name, value);
      }
    }
  }
  return forms;
}

/** What a person reads on a page: no tags, no scripts, no styles, single spaces. */
export function visibleText(html: string): string {
  const text = html.replace(/<!--[\s\S]*?-->|<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return decodeEntities(text).replace(/\s+/g, ' ').trim();
}

function parseAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(attributePattern)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decodeEntities(double ?? single ?? bare ?? ''),
    ]),
  );
}

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return namedEntities[name ?? ''] ?? entity;
  });
}
