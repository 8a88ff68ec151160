import type { AuthModuleOptions } from '@nmp/auth';
import { settingVariables } from './environment-settings.js';
import type { Settings } from './file-settings.js';
import { serviceAuthSettings, settingTree, type SettingTree } from './setting-tree.js';

/** Turns the settings below `auth` into the auth module's options: the same things, spelled in camel case. */
export function authOptionsOf(settings: Settings, publicUrl: string): AuthModuleOptions {
  const own = Object.entries(settings).filter(([key]) => !Object.hasOwn(serviceAuthSettings, key));
  const options = toCamelCase(settingTree.auth.section, Object.fromEntries(own)) as AuthModuleOptions;
  // Scopes are an optional layer over the roles here: a token without any platform scope is left to the roles.
  return { scopeEnforcement: 'when-present', ...options, publicUrl };
}

/** Rewrites what the auth module says about its options into what the operator wrote: `auth.oidc.client_id`. */
export function settingProblemOf(optionProblem: string): string {
  const spelled = camelCaseNames(settingTree.auth.section).reduce(
    (text, [camelCase, key]) => text.replaceAll(new RegExp(`\\b${camelCase}\\b`, 'g'), key),
    optionProblem,
  );
  // Settings that are named as a way out lie below auth, too.
  const wholePaths = spelled.replaceAll(/(?<= )((?:oidc|dpop|mtls)\.\w+|enabled: false)/g, 'auth.$1');
  return `auth.${wholePaths}`;
}

/** What the operator calls an option of the auth module: its place in the file, and its variable. */
export function settingNameOf(option: string): string {
  const own = option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const path = Object.hasOwn(settingTree, own) ? own : `auth.${own}`;
  const variable = settingVariables.find((known) => known.path.join('.') === path);
  return variable === undefined ? path : `${path} (${variable.name})`;
}

function toCamelCase(tree: SettingTree, settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [camelCaseOf(key), innerToCamelCase(tree[key], value)]),
  );
}

function innerToCamelCase(setting: SettingTree[string] | undefined, value: unknown): unknown {
  if (typeof setting !== 'object' || typeof value !== 'object' || value === null) return value;
  if ('section' in setting) return toCamelCase(setting.section, value as Settings);
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null ? toCamelCase(setting.entries, entry as Settings) : entry,
  );
}

function camelCaseNames(tree: SettingTree): [camelCase: string, key: string][] {
  return Object.entries(tree).flatMap(([key, setting]) => {
    const own: [string, string][] = [[camelCaseOf(key), key]];
    if (typeof setting === 'string') return own;
    return own.concat(camelCaseNames('section' in setting ? setting.section : setting.entries));
  });
}

function camelCaseOf(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
