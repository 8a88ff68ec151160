import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** TypeScript code blocks compiled against the built packages, as a reader would compile them. */
export class TypescriptBlocks {
  private constructor(
    private readonly directory: string,
    private readonly problemsByName: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Compiles blocks together, which is quicker than one by one. @param texts by the names of their files, `app.ts` */
  static compile(texts: Readonly<Record<string, string>>): TypescriptBlocks {
    // Inside the repository, so that imports find the installed packages; where nobody looks for sources.
    const cache = join(root, 'node_modules', '.cache');
    mkdirSync(cache, { recursive: true });
    const directory = mkdtempSync(join(cache, 'nmp-code-block-'));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    const sources = new Map(Object.keys(texts).map((name) => [name, join(directory, name)]));
    for (const [name, source] of sources) {
      mkdirSync(dirname(source), { recursive: true });
      writeFileSync(source, texts[name] ?? '');
    }
    const options = compilerOptions(directory);
    const program = ts.createProgram([...sources.values()], options, libraryHost(options, directory));
    const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    const problemsOf = (source: string): string[] =>
      diagnostics
        .filter(({ file }) => file === undefined || file.fileName === source)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    return new TypescriptBlocks(
      directory,
      new Map([...sources].map(([name, source]) => [name, problemsOf(source)] as const)),
    );
  }

  /** The compiler's complaints about a block, empty when it is content. */
  problemsOf(name: string): readonly string[] {
    return this.problemsByName.get(name) ?? [`${name} was not compiled`];
  }

  /** The compiled file of a block. */
  fileOf(name: string): string {
    return join(this.directory, name.replace(/\.ts$/, '.js'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** A single TypeScript code block, compiled. */
export class TypescriptBlock {
  /** The compiled file. */
  readonly file: string;
  /** The compiler's complaints, empty when it is content. */
  readonly problems: readonly string[];

  private constructor(private readonly blocks: TypescriptBlocks) {
    this.file = blocks.fileOf('block.ts');
    this.problems = blocks.problemsOf('block.ts');
  }

  static compile(text: string): TypescriptBlock {
    return new TypescriptBlock(TypescriptBlocks.compile({ 'block.ts': text }));
  }

  remove(): void {
    this.blocks.remove();
  }
}

/** What does not even read as TypeScript. */
export function syntaxProblems(text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, experimentalDecorators: true },
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

// The libraries that blocks import are read once in a process: they are most of the work.
const librarySources = new Map<string, ts.SourceFile | undefined>();

function libraryHost(options: ts.CompilerOptions, directory: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...more) => {
    if (name.startsWith(directory)) return read(name, ...more);
    if (!librarySources.has(name)) librarySources.set(name, read(name, ...more));
    return librarySources.get(name);
  };
  return host;
}

function compilerOptions(directory: string): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    strict: true,
    skipLibCheck: true,
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    rootDir: directory,
    outDir: directory,
  };
}
