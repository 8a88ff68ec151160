import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** A TypeScript code block compiled against the built packages, as a reader would compile it. */
export class TypescriptBlock {
  private constructor(
    private readonly directory: string,
    /** The compiled file. */
    readonly file: string,
    /** The compiler's complaints, empty when it is content. */
    readonly problems: readonly string[],
  ) {}

  static compile(text: string): TypescriptBlock {
    // Inside the repository, so that imports find the installed packages; where nobody looks for sources.
    const cache = join(root, 'node_modules', '.cache');
    mkdirSync(cache, { recursive: true });
    const directory = mkdtempSync(join(cache, 'nmp-code-block-'));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    const source = join(directory, 'block.ts');
    writeFileSync(source, text);
    const program = ts.createProgram([source], compilerOptions(directory));
    const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    return new TypescriptBlock(directory, join(directory, 'block.js'), problems);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

function compilerOptions(outDir: string): ts.CompilerOptions {
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
    outDir,
  };
}
