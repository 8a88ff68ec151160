import { posix } from 'node:path';
import type { Tree } from '@angular-devkit/schematics';
import type ts from 'typescript';
import type { Project } from './project.js';
import { requireReadable } from './syntax-errors.js';
import type { Tools } from './tools.js';

/** Where AuthModule belongs. */
export interface RootModule {
  readonly path: string;
  readonly className: string;
}

/**
 * Finds the root module: what the entry file hands to NestFactory, or the module that lies beside it.
 *
 * @throws {Error} saying where it was looked for
 */
export function findRootModule(tree: Tree, project: Project, tools: Tools, module?: string): RootModule {
  const created = createdModule(tree, project, tools);
  const path = module ?? created?.path ?? moduleBeside(tree, project);
  if (path === undefined || !tree.exists(path)) {
    const tried =
      module === undefined ? `${project.entryFile} hands none to NestFactory.create()` : `${module} is not there`;
    throw new Error(`No root module: ${tried}. Name its file: --module ${project.sourceRoot}/app.module.ts`);
  }
  requireReadable(path, tree.readText(path), tools);
  const source = tools.ts.createSourceFile(path, tree.readText(path), tools.ts.ScriptTarget.Latest, true);
  const classes = moduleClasses(tools.ts, source);
  const className = classes.find((name) => created?.path === path && name === created.className) ?? classes[0];
  if (className === undefined) throw new Error(`${path} has no class with @Module()`);
  return { path, className };
}

function createdModule(tree: Tree, { entryFile }: Project, { ts }: Tools): RootModule | undefined {
  if (!tree.exists(entryFile)) return undefined;
  const source = ts.createSourceFile(entryFile, tree.readText(entryFile), ts.ScriptTarget.Latest, true);
  const local = createdName(ts, source);
  if (local === undefined) return undefined;
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const element = elements.find(({ name }) => name.text === local);
    if (element === undefined) continue;
    const path = sourceOf(tree, entryFile, statement.moduleSpecifier.text);
    return path === undefined ? undefined : { path, className: (element.propertyName ?? element.name).text };
  }
  return { path: entryFile, className: local };
}

/** `X` of `NestFactory.create(X)` and its like. */
function createdName(typescript: typeof ts, source: ts.SourceFile): string | undefined {
  const find = (node: ts.Node): string | undefined => {
    if (typescript.isCallExpression(node) && typescript.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      const isCreation = expression.getText(source) === 'NestFactory' && name.text.startsWith('create');
      if (isCreation) return nameOf(typescript, node.arguments[0]);
    }
    return typescript.forEachChild(node, find);
  };
  return find(source);
}

/** `X` of `X` and of `X.register()`. */
function nameOf(typescript: typeof ts, node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (typescript.isIdentifier(node)) return node.text;
  const inner = typescript.isCallExpression(node) || typescript.isPropertyAccessExpression(node);
  return inner ? nameOf(typescript, node.expression) : undefined;
}

/** The file that an import means: relative ones, and those from the root of the workspace. */
function sourceOf(tree: Tree, from: string, target: string): string | undefined {
  const base = target.startsWith('.') ? posix.join(posix.dirname(from), target) : target;
  const candidates = [`${base.replace(/\.js$/, '')}.ts`, base, `${base}/index.ts`];
  return candidates.find((path) => path.endsWith('.ts') && tree.exists(path));
}

function moduleBeside(tree: Tree, { sourceRoot }: Project): string | undefined {
  const modules = tree.getDir(sourceRoot).subfiles.filter((name) => name.endsWith('.module.ts'));
  const name = modules.find((name) => name === 'app.module.ts') ?? (modules.length === 1 ? modules[0] : undefined);
  return name === undefined ? undefined : `${sourceRoot}/${name}`;
}

function moduleClasses(typescript: typeof ts, source: ts.SourceFile): string[] {
  return source.statements
    .filter((statement) => typescript.isClassDeclaration(statement))
    .filter((declaration) => moduleDecorator(typescript, source, declaration) !== undefined)
    .flatMap(({ name }) => name?.text ?? []);
}

/** What `@Module(…)` of a class is called with. */
export function moduleDecorator(
  typescript: typeof ts,
  source: ts.SourceFile,
  declaration: ts.ClassDeclaration,
): ts.CallExpression | undefined {
  return (typescript.getDecorators(declaration) ?? [])
    .map(({ expression }) => expression)
    .filter((expression) => typescript.isCallExpression(expression))
    .find(({ expression }) => expression.getText(source) === 'Module');
}
