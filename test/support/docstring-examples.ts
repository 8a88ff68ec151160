import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** An `@example` of a docstring. */
export interface DocstringExample {
  readonly file: string;
  /** The line of what the docstring stands above, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The examples in the docstrings of a file. */
export function docstringExamples(file: string): DocstringExample[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  const examples = new Map<ts.JSDocTag, DocstringExample>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example')) {
      const { line } = source.getLineAndCharacterOfPosition(tag.getStart(source));
      examples.set(tag, { file, line: line + 1, text: ts.getTextOfJSDocComment(tag.comment) ?? '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...examples.values()];
}

/**
 * An example as a module of its own. It is as short as an example should be: a decorator without what it decorates, an
 * object without what takes it.
 * @param exports Where the names come from that it may use.
 * @param surroundings Declares what an application would have around it.
 */
export function exampleModule(
  { text }: DocstringExample,
  exports: Readonly<Record<string, readonly string[]>>,
  surroundings: string,
): string {
  const code = text.replaceAll(/^```.*$/gm, '');
  if (/^import /m.test(code)) return code;
  const imports = Object.entries(exports).map(([name, names]) => {
    const used = names.filter((word) => new RegExp(`\\b${word}\\b`).test(`${code}${surroundings}`));
    return used.length > 0 ? `import { ${used.join(', ')} } from '${name}';` : '';
  });
  return `${imports.join('\n')}\n${surroundings}\nexport async function example() {\n${wrapped(code.trim())}\n}\n`;
}

function wrapped(code: string): string {
  if (/\bclass \w+/.test(code)) return code.replaceAll(/^export /gm, '');
  if (/@Controller\(/.test(code)) return `${code}\nclass Example {}\nreturn Example;`;
  if (code.startsWith('@')) return `class Example {\n${code}\nhandler() {}\n}\nreturn Example;`;
  if (
    /^(?:constructor|\w+)\([^)]*\)?.*\{.*\}?$/m.test(code) &&
    !/^(?:await|const|return) /m.test(code) &&
    /\) \{/.test(code)
  )
    return `class Example {\n${code}\n}\nreturn Example;`;
  if (code.startsWith('{')) return `return (${code.replace(/ \/\/ .*$/, '')});`;
  return code;
}
