import type { Tools } from './tools.js';

/** Refuses a file that the compiler does not understand. @throws {Error} saying where */
export function requireReadable(path: string, text: string, { ts }: Tools): void {
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { experimentalDecorators: true, target: ts.ScriptTarget.Latest },
  });
  const [first] = diagnostics;
  if (first === undefined) return;
  const line = text.slice(0, first.start ?? 0).split('\n').length;
  throw new Error(
    `${path}:${line}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')} Nothing has been changed`,
  );
}
