import { readFileSync } from 'node:fs';
import type { Settings } from './file-settings.js';
import { introspectionFileSettings } from './setting-tree.js';

/**
 * Reads what the platform proves itself with at the introspection endpoint from the files that settings name, into the
 * settings that hold it. Adds a line to `problems` for each that cannot be had; never one with what is in it.
 */
export function withIntrospectionFiles(auth: Settings, problems: string[]): Settings {
  const oidc = auth.oidc as Settings | undefined; // by the tree of settings
  if (oidc === undefined) return auth;
  const read = { ...oidc };
  for (const name of Object.keys(introspectionFileSettings)) {
    const path = oidc[name] as string | undefined; // by the tree of settings
    const target = name.replace(/_file$/, '');
    delete read[name];
    if (path === undefined) continue;
    if (oidc[target] !== undefined) problems.push(`auth.oidc.${target} and auth.oidc.${name} exclude each other`);
    else read[target] = contentOf(`auth.oidc.${name}`, path, problems);
  }
  return { ...auth, oidc: read };
}

function contentOf(setting: string, path: string, problems: string[]): string | undefined {
  const rule = `${setting} must be the path of a file with a text in it`;
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text !== '') return text;
    problems.push(rule);
  } catch (error) {
    problems.push(`${rule}: ${(error as NodeJS.ErrnoException).code ?? 'it cannot be read'}`);
  }
  return undefined;
}
