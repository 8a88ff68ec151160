import ts from 'typescript';

/** A source file, as far as the arrows between the parts are concerned. */
export interface SourceFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Which part may import which other part; what is not listed is forbidden. */
const allowedArrows: Readonly<Record<string, readonly string[]>> = {
  tokens: [],
  auth: ['tokens'],
  sdk: ['tokens'],
  cli: ['sdk', 'tokens'],
  'dev-idp': [],
  platform: ['auth', 'tokens'],
};

/** What a spec may import beside what its part may. */
const allowedToSpecs = new Set(['@nmp/auth/testing', '@nmp/dev-idp']);

/** The layers of the auth library from the top down: a file may import its own layer and those below. */
const authLayers: readonly (readonly string[])[] = [
  ['module'],
  ['openapi'],
  ['http', 'carriers', 'policy', 'messages', 'sockets', 'unsigned'],
  ['token', 'possession'],
  ['introspection'],
  ['keys'],
  ['events', 'tracing'],
  ['config', 'development'],
];

/** Only these parts know Nest at all. */
const nestParts = new Set(['auth', 'platform']);

/**
 * Finds every import that goes against the arrows.
 *
 * @returns one line per offence, `path:line: what is wrong`
 */
export function offendingImports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ target, line }) => {
      const reason = offence(file.path, target);
      return reason === undefined ? [] : [`${file.path}:${line}: ${reason}`];
    }),
  );
}

function importsOf({ text }: SourceFile): { target: string; line: number }[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    target: fileName,
    line: text.slice(0, pos).split('\n').length,
  }));
}

function offence(path: string, target: string): string | undefined {
  const part = partOf(path);
  if (part === undefined) return undefined;
  if (target.startsWith('.')) return relativeOffence(path, part, resolve(path, target));
  if (target.startsWith('@nmp/')) return packageOffence(path, part, target);
  if (target.startsWith('@nestjs/')) return nestOffence(path, part);
  const isDependency = !target.startsWith('node:') && !isSpec(path);
  return part === 'tokens' && isDependency ? `tokens has no dependencies, not even "${target}"` : undefined;
}

function packageOffence(path: string, part: string, target: string): string | undefined {
  const name = target.slice('@nmp/'.length);
  // A library's own tests may use it as strangers do.
  if (isSpec(path) && (name === part || allowedToSpecs.has(target))) return undefined;
  return allowedArrows[part]?.includes(name) ? undefined : `${part} may not import ${target}`;
}

function relativeOffence(path: string, part: string, target: string): string | undefined {
  if (partOf(target) !== part) {
    return mayBorrow(path, part, target) ? undefined : `${part} reaches into ${target} by a relative path`;
  }
  if (part !== 'auth' || isSpec(path)) return undefined;
  const [from, to] = [authLayer(path), authLayer(target)];
  if (to === 'testing' && from !== 'testing') return `auth's product code may not import ${target}`;
  if (from === 'testing') return undefined;
  return rank(to) < rank(from) ? `auth's ${from} may not import its ${to}` : undefined;
}

/** The test servers and clocks of a library are there for the tests of those that may import it. */
function mayBorrow(path: string, part: string, target: string): boolean {
  const owner = /^libs\/([^/]+)\/test\/support\//.exec(target)?.[1] ?? '';
  return isSpec(path) && (allowedArrows[part]?.includes(owner) ?? false);
}

/** A dotted role name is the promise "imports Nest", a plain noun the promise that it does not. */
function nestOffence(path: string, part: string): string | undefined {
  if (!nestParts.has(part)) return `${part} may not import Nest`;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isEntry = name === 'index.ts' || name === 'main.ts' || isSpec(path);
  const hasRole = /^[^.]+\.[^.]+\.ts$/.test(name);
  return isEntry || hasRole ? undefined : `a file with a plain noun for a name may not import Nest`;
}

function partOf(path: string): string | undefined {
  if (path.startsWith('src/')) return 'platform';
  return /^libs\/([^/]+)\//.exec(path)?.[1];
}

function authLayer(path: string): string {
  const [first = '', ...rest] = path.slice('libs/auth/src/'.length).split('/');
  if (rest.length > 0) return first;
  return /^auth(-core)?\.module\./.test(first) || first.startsWith('index.') ? 'module' : 'config';
}

function rank(layer: string): number {
  return authLayers.findIndex((layers) => layers.includes(layer));
}

function isSpec(path: string): boolean {
  return path.endsWith('.spec.ts') || /^libs\/[^/]+\/test\//.test(path);
}

function resolve(from: string, target: string): string {
  return new URL(target, `file:///${from}`).pathname.slice(1);
}
