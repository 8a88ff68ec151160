import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const scripts = join(import.meta.dirname, '..', '..', 'bench');

/** Where a script of the benchmarks is. */
export function benchScript(file: string): string {
  return join(scripts, file);
}

/** Evaluates an expression with the exports of a script, `bench`, in a Node of its own as it runs there. */
export async function evaluateWith(file: string, expression: string): Promise<unknown> {
  const module = JSON.stringify(pathToFileURL(benchScript(file)).href);
  const code = `const bench = await import(${module}); console.log(JSON.stringify((await ${expression}) ?? null));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  return JSON.parse(stdout);
}
