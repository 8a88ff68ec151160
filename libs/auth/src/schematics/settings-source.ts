import type { Tree } from '@angular-devkit/schematics';
import { declaredVersion } from './manifest.js';
import { sourceFiles } from './source-files.js';
import type { SettingsSource } from './wiring.js';

/** Finds out how the application reads its settings: by @nestjs/config where one of its modules imports that. */
export function settingsSource(tree: Tree, sourceRoot: string): SettingsSource {
  if (declaredVersion(tree, '@nestjs/config') === undefined) return 'process.env';
  const texts = sourceFiles(tree, sourceRoot).map((path) => tree.readText(path));
  const imported = texts.filter((text) => /(?<![\w$])ConfigModule\.forRoot\(/.test(text));
  if (imported.length === 0) return 'process.env';
  return imported.some((text) => /(?<![\w$])ConfigModule\.forRoot\(\{[^}]*isGlobal:\s*true/.test(text))
    ? 'global ConfigService'
    : 'ConfigService';
}
