import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createScriptTransformer } from '@jest/transform';

const globals = new URL('jest-globals.mjs', import.meta.url).href;
let transformer;
let conditions;

/** Is given the configuration of a project: its transforms and its conditions hold here too. */
export async function initialize({ config }) {
  transformer = await createScriptTransformer(config);
  conditions = config.testEnvironmentOptions.customExportConditions ?? [];
}

/** Finds sources where imports name what will be made of them. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, format: 'module', shortCircuit: true };
  const source = sourceOf(specifier, context.parentURL);
  return next(source ?? specifier, { ...context, conditions: [...new Set([...conditions, ...context.conditions])] });
}

/** Compiles TypeScript, or takes it from Jest's cache. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const { code } = await transformer.transformAsync(fileURLToPath(url), { supportsStaticESM: true });
  return { format: 'module', source: code, shortCircuit: true };
}

function sourceOf(specifier, parent) {
  if (!parent?.endsWith('.ts') || !/^\.{1,2}\/.*\.js$/.test(specifier)) return undefined;
  const compiled = new URL(specifier, parent);
  return existsSync(compiled) ? undefined : compiled.href.replace(/\.js$/, '.ts');
}
