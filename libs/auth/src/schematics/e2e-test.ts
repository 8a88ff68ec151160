import type { Tree } from '@angular-devkit/schematics';
import { authTestText } from './auth-test-text.js';
import type { RootModule } from './root-module.js';
import { guardedStarterTest } from './starter-test.js';
import type { TestSetup } from './test-setup.js';
import { inStyle, styleOf } from './text-style.js';

/** What has become of the tests. */
export interface TestChanges {
  /** The file that says now who gets in. */
  readonly file: string;
  /** Tests that are not signed in, and will be refused. */
  readonly refused: readonly string[];
}

/**
 * Has a test say who gets in: the one that Nest's starter brought, or a new one where the application has tests of its own.
 *
 * @param isComplete whether the application knows its issuer without an environment
 */
export function writeTest(
  tree: Tree,
  setup: TestSetup,
  { rootModule, isComplete }: { rootModule: RootModule; isComplete: boolean },
): TestChanges {
  const override = `authTestingConfig(${isComplete ? '' : testSettings})`;
  const refused = setup.files.filter((path) => new RegExp(`\\b${rootModule.className}\\b`).test(tree.readText(path)));
  for (const file of refused) {
    const guarded = guardedStarterTest(tree.readText(file), override);
    if (guarded === undefined) continue;
    tree.overwrite(file, guarded);
    return { file, refused: refused.filter((path) => path !== file) };
  }
  const style = styleOf(tree.readText(rootModule.path));
  const text = inStyle(authTestText(setup, { className: rootModule.className, override }), style);
  tree.create(setup.newFile, text);
  return { file: setup.newFile, refused };
}

const testSettings = `{
  oidc: { issuer: 'https://issuer.example', clientId: 'test-client' },
}`;
