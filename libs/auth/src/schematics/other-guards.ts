import type { Tree } from '@angular-devkit/schematics';
import { sourceFiles } from './source-files.js';

const signs: readonly [RegExp, string][] = [
  [/\bAPP_GUARD\b/, 'a guard for every route (APP_GUARD)'],
  [/\.useGlobalGuards\(/, 'a guard for every route (useGlobalGuards)'],
  [/\bAuthGuard\(\s*['"`]/, 'a guard of @nestjs/passport (AuthGuard)'],
];

/** Finds the guards that the application has already: they go on deciding beside AuthModule. One line each. */
export function otherGuards(tree: Tree, sourceRoot: string): string[] {
  return sourceFiles(tree, sourceRoot)
    .filter((path) => !/\.(?:spec|test)\.ts$/.test(path))
    .flatMap((path) => {
      const text = tree.readText(path);
      return signs.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path} has ${what}`);
    });
}
