import type { Tree } from '@angular-devkit/schematics';
import type { NestAddOptions } from './nest-add-options.js';
import { parseJsonText } from './json-text.js';
import type { Tools } from './tools.js';

/** The application that is changed: where its parts are, relative to the root of the workspace. */
export interface Project {
  /** Empty for the only application of a workspace. */
  readonly root: string;
  readonly sourceRoot: string;
  /** Where the application starts. */
  readonly entryFile: string;
  /** What it is called in `nest-cli.json`; only in a workspace with several. */
  readonly name: string | undefined;
}

interface ProjectSettings {
  readonly type?: string;
  readonly root?: string;
  readonly sourceRoot?: string;
  readonly entryFile?: string;
}

interface WorkspaceSettings extends ProjectSettings {
  readonly language?: string;
  readonly projects?: Readonly<Record<string, ProjectSettings>>;
}

/**
 * Finds the application by `nest-cli.json`, as Nest's own program does.
 *
 * @throws {Error} when there is none, or it is no TypeScript
 */
export function findProject(tree: Tree, options: NestAddOptions, { ts }: Tools): Project {
  const path = ['nest-cli.json', '.nest-cli.json', '.nestcli.json', 'nest.json'].find((name) => tree.exists(name));
  const workspace: WorkspaceSettings = path === undefined ? {} : parseJsonText(ts, path, tree.readText(path));
  if (workspace.language === 'js') {
    throw new Error(
      'This application is written in JavaScript; only TypeScript is understood. Wire AuthModule by hand',
    );
  }
  const name = projectName(workspace, options);
  const settings = name === undefined ? workspace : (workspace.projects?.[name] ?? {});
  const sourceRoot = settings.sourceRoot ?? options.sourceRoot ?? workspace.sourceRoot ?? 'src';
  return {
    root: settings.root ?? sourceRoot.replace(/(?:^|\/)src\/?$/, ''),
    sourceRoot,
    entryFile: `${sourceRoot}/${settings.entryFile ?? workspace.entryFile ?? 'main'}.ts`,
    name,
  };
}

/** The one that is asked for, or that has the source root which Nest's program has asked about, or the default. */
function projectName(workspace: WorkspaceSettings, { project, sourceRoot }: NestAddOptions): string | undefined {
  const projects = workspace.projects ?? {};
  if (project !== undefined) {
    requireApplication(projects, project);
    return project;
  }
  const sources = sourceRoot ?? workspace.sourceRoot;
  return Object.keys(projects).find((name) => projects[name]?.sourceRoot === sources);
}

function requireApplication(projects: Readonly<Record<string, ProjectSettings>>, name: string): void {
  const applications = Object.keys(projects).filter((key) => projects[key]?.type !== 'library');
  if (applications.includes(name)) return;
  const known = applications.length > 0 ? `; there are: ${applications.join(', ')}` : '';
  throw new Error(`nest-cli.json has no application "${name}"${known}`);
}
