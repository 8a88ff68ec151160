import type { SchematicContext, Tree } from '@angular-devkit/schematics';
import { readWritingOptions } from './compiler-options.js';
import { configuresAuth } from './configured-auth.js';
import { writeTest } from './e2e-test.js';
import { addToEnvironment, exampleFile, readEnvironment } from './environment-file.js';
import { environmentNames } from './environment-names.js';
import { checkIssuer } from './issuer-check.js';
import { addPackages, declaredVersion, installerOf, neededPackages, readManifest } from './manifest.js';
import { type NestAddOptions, requirePlainValues } from './nest-add-options.js';
import { nextSteps } from './next-steps.js';
import { otherGuards } from './other-guards.js';
import { formatFile } from './prettier-format.js';
import { findProject } from './project.js';
import { findRootModule } from './root-module.js';
import { settingsOf } from './settings.js';
import { settingsSource } from './settings-source.js';
import { sourceFiles } from './source-files.js';
import { findTestSetup } from './test-setup.js';
import type { Tools } from './tools.js';
import { wireRootModule } from './wire-root-module.js';

/** What a run of the schematic is told about and does afterwards. */
export type Reporter = Pick<SchematicContext, 'logger' | 'addTask'>;

/**
 * Guards an application: its root module, its settings, `package.json` and an e2e test. Asks nothing, and says what it could
 * not find out. An application that imports AuthModule already is left as it is.
 *
 * @throws {Error} when the application is not understood; nothing is changed then
 */
export async function addAuth(tree: Tree, reporter: Reporter, given: NestAddOptions, tools: Tools): Promise<void> {
  const { logger } = reporter;
  requirePlainValues(given);
  const manifest = readManifest(tree);
  const packages = neededPackages(tree, tools);
  const project = findProject(tree, given, tools);
  const present = sourceFiles(tree, project.sourceRoot).find((path) =>
    configuresAuth(path, tree.readText(path), tools),
  );
  if (present !== undefined) {
    logger.info(`${present} imports AuthModule already: nothing to do.`);
    return;
  }

  const rootModule = findRootModule(tree, project, tools, given.module);
  const writing = readWritingOptions(tree, tools);
  const example = exampleFile(tree, project.root);
  const environment = readEnvironment(tree, ['.env', example]);
  const names = environmentNames(environment.keys());
  const from = settingsSource(tree, project.sourceRoot);
  const options = await withCheckedIssuer(given, environment.get(names.issuer), reporter, tools);
  const application = (project.name ?? manifest.name ?? 'my-api').replace(/^@.*\//, '').replaceAll(/[^\w.-]+/g, '-');
  const settings = settingsOf(options, { environment, names, application });
  const guards = otherGuards(tree, project.sourceRoot);
  const setup = findTestSetup(tree, { project, rootModule, writing });

  const before = textsOf(tree, [rootModule.path, ...(setup?.files ?? [])]);
  wireRootModule(tree, rootModule, { settings, from, writing }, tools);
  addToEnvironment(tree, example, settings);
  const isComplete = from === 'process.env' && options.issuer !== undefined;
  const tests = setup && writeTest(tree, setup, { rootModule, isComplete });
  if (tools.prettier !== undefined && declaredVersion(tree, 'prettier') !== undefined) {
    for (const path of [rootModule.path, ...(tests === undefined ? [] : [tests.file])]) {
      await formatFile(tree, path, before.get(path), tools.prettier);
    }
  }
  const isIncomplete = addPackages(tree, [...packages, ...(setup?.packages ?? [])], tools);
  if (isIncomplete && !given.skipInstall) reporter.addTask(installation(installerOf(tree)));

  const issuer = options.issuer ?? environment.get(names.issuer);
  const { said, warnings } = nextSteps({ rootModule: rootModule.path, names, from, issuer, example, tests, guards });
  for (const line of said) logger.info(line);
  for (const line of warnings) logger.warn(line);
}

/** Asks the provider about the issuer that is given, or set already. */
async function withCheckedIssuer(
  given: NestAddOptions,
  present: string | undefined,
  { logger }: Reporter,
  tools: Tools,
): Promise<NestAddOptions> {
  const issuer = given.issuer ?? present;
  if (given.check === false || !issuer || !URL.canParse(issuer)) return given;
  const checked = await checkIssuer(issuer, tools.fetch);
  if (checked.warning !== undefined) logger.warn(checked.warning);
  return given.issuer === undefined ? given : { ...given, issuer: checked.issuer };
}

function textsOf(tree: Tree, paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, tree.readText(path)]));
}

/** What `NodePackageInstallTask` of the schematics' own package makes; the application need not have that package. */
function installation(packageManager: string): Parameters<Reporter['addTask']>[0] {
  const options = { command: 'install', quiet: true, hideOutput: true, packageManager };
  return { toConfiguration: () => ({ name: 'node-package', options }) };
}
