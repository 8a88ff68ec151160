import { createRequire } from 'node:module';
import { HostTree, type TaskConfigurationGenerator } from '@angular-devkit/schematics';
import ts from 'typescript';
import { addAuth, type Reporter } from '../../src/schematics/add-auth.js';
import type { NestAddOptions } from '../../src/schematics/nest-add-options.js';
import type { OwnManifest, Tools } from '../../src/schematics/tools.js';

const own = createRequire(import.meta.url)('../../package.json') as OwnManifest;

/** Files of a workspace, by path. */
export type Files = Readonly<Record<string, string>>;

/** What a run of the schematic has made of a workspace. */
export interface Added {
  /** Every file that is there now. */
  readonly files: Files;
  /** The paths of those that are new or others than before. */
  readonly changed: readonly string[];
  readonly said: readonly string[];
  readonly warnings: readonly string[];
  /** What is to be run afterwards. */
  readonly tasks: readonly unknown[];
}

/** Runs the schematic over files. Without a network, unless `tools` has one. */
export async function added(files: Files, options: NestAddOptions = {}, tools: Partial<Tools> = {}): Promise<Added> {
  const tree = new HostTree();
  for (const [path, text] of Object.entries(files)) tree.create(path, text);
  const said: string[] = [];
  const warnings: string[] = [];
  const tasks: unknown[] = [];
  const reporter = {
    logger: { info: (line: string) => said.push(line), warn: (line: string) => warnings.push(line) },
    addTask: (task: TaskConfigurationGenerator) => tasks.push(task.toConfiguration()),
  } as unknown as Reporter; // of the logger's many methods those that are used
  const noNetwork = () => Promise.reject(new Error('no network'));
  await addAuth(tree, reporter, options, { ts, own, prettier: undefined, fetch: noNetwork, ...tools });
  const after: Record<string, string> = {};
  tree.visit((path) => (after[path.slice(1)] = tree.readText(path)));
  const changed = Object.keys(after).filter((path) => after[path] !== files[path]);
  return { files: after, changed: changed.toSorted(), said, warnings, tasks };
}

/** Files of an application as it may be written by hand; some are others, or not there (`undefined`). */
export function nestApp(others: Readonly<Record<string, string | undefined>> = {}): Files {
  const files = { ...application, ...others };
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
  );
}

const application: Files = {
  'package.json': `{
  "name": "@example/models",
  "dependencies": {
    "@nestjs/common": "^11.0.1",
    "@nestjs/core": "^11.0.1",
    "@nestjs/platform-express": "^11.0.1",
    "reflect-metadata": "^0.2.2",
    "rxjs": "^7.8.1"
  },
  "devDependencies": {
    "@nestjs/testing": "^11.0.1",
    "@types/jest": "^30.0.0",
    "@types/supertest": "^7.0.0",
    "jest": "^30.0.0",
    "supertest": "^7.0.0"
  }
}
`,
  'nest-cli.json': '{ "sourceRoot": "src" }',
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }',
  'src/main.ts': `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

const app = await NestFactory.create(AppModule);
await app.listen(3000);
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { ModelsModule } from './models.module';

@Module({
  imports: [ModelsModule],
})
export class AppModule {}
`,
  'src/models.module.ts': `import { Module } from '@nestjs/common';

@Module({})
export class ModelsModule {}
`,
};
