import { join } from 'node:path';
import { Application } from 'typedoc';
import { root } from '../scripts/process/root.mjs';
import { apiEntries } from './api-entries.mjs';
import { content } from './stage.mjs';

/**
 * Writes the API reference, from the docstrings of what the packages export.
 *
 * @throws {Error} when TypeDoc finds a docstring that links to nothing, or an export without one
 */
export async function writeApiPages() {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    // `npm test` has a stage for the types.
    skipErrorChecking: true,
    entryPoints: Object.values(apiEntries).map((path) => join(root, path)),
    basePath: root,
    name: 'API reference',
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    packagesRequiringDocumentation: ['@nmp/auth', '@nmp/sdk', '@nmp/tokens'],
    requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    out: join(content, 'api'),
    entryFileName: 'index',
    outputFileStrategy: 'members',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    useCodeBlocks: true,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the packages');
  const names = Object.entries(apiEntries).map(([name, path]) => [path.replace(/(?:\/index)?\.ts$/, ''), name]);
  const nameOf = new Map(names);
  for (const module of project.children ?? []) module.name = nameOf.get(module.name) ?? module.name;
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc is not content with the docstrings');
}
