import ts from 'typescript';
import { code, prose } from './markdown-table.mjs';
import { nestedAt } from './nested-at.mjs';

/** Values that no option takes. */
const nonsense = [Symbol('nonsense'), -1_000_000_000];

/**
 * The options of `AuthModule` as its sources describe them.
 *
 * @param {readonly string[]} sources texts of the files that declare them
 * @param {string} entry the class to begin with
 * @param {(options: object) => string[]} problemsOf what is wrong with options, a line each
 * @returns {{ path: string, takes: string, default: string, sentence: string }[]}
 * @throws {Error} naming the options that no docstring describes
 */
export function optionRows(sources, entry, problemsOf) {
  const rows = membersOf(declarationsIn(sources), entry, '');
  const silent = rows.filter(({ sentence }) => sentence === '').map(({ path }) => path);
  if (silent.length > 0) throw new Error(`no docstring says what these options of ${entry} do: ${silent.join(', ')}`);
  return rows.map(({ path, type, byDefault, sentence }) => ({
    path,
    takes: prose(takenBy(path, problemsOf) ?? code(type)),
    default: isValue(byDefault) ? code(byDefault) : prose(byDefault ?? '–'),
    sentence: prose(sentence),
  }));
}

function declarationsIn(sources) {
  const declarations = new Map();
  for (const text of sources) {
    const file = ts.createSourceFile('options.ts', text, ts.ScriptTarget.Latest, true);
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement))
        declarations.set(statement.name?.text, statement);
    }
  }
  return declarations;
}

function membersOf(declarations, name, prefix) {
  return allMembers(declarations, name).flatMap((member) => {
    const path = prefix + member.name.getText();
    const type = member.type?.getText() ?? '';
    const inner = type.match(/\w+/g)?.find((word) => declarations.has(word));
    const isList = type.endsWith('[]');
    const own = { path, type: type.replaceAll(/\s+/g, ' '), ...wordsAbout(member) };
    return inner === undefined ? [own] : [own, ...membersOf(declarations, inner, `${path}${isList ? '[]' : ''}.`)];
  });
}

/** The members of a class, and of the one that it extends. */
function allMembers(declarations, name) {
  const { members, heritageClauses = [] } = declarations.get(name);
  const parents = heritageClauses.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  return [...members, ...parents.flatMap((parent) => allMembers(declarations, parent))];
}

/** What the docstring says, and its `@default`. */
function wordsAbout(member) {
  const tags = ts.getJSDocTags(member);
  const text = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
  const textOf = (comment) => (ts.getTextOfJSDocComment(comment) ?? '').replaceAll(/\s+/g, ' ').trim();
  const byDefault = tags.find(({ tagName }) => tagName.text === 'default');
  return { byDefault: byDefault && textOf(byDefault.comment), sentence: textOf(text?.comment) };
}

function isValue(text = '') {
  return /^(?:[\w.]+|[[{'].*)$/.test(text);
}

function takenBy(path, problemsOf) {
  const told = path.replaceAll('[]', '.0');
  const complaint = nonsense
    .flatMap((value) => problemsOf(nestedAt(path, value)))
    .find((problem) => problem.startsWith(`${told} must be `));
  return complaint?.slice(`${told} must be `.length).replace(/^an? /, '');
}
