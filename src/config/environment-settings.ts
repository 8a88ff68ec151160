import type { Settings } from './file-settings.js';
import { settingTree, type SettingTree } from './setting-tree.js';
import { readTextValue, type Reading } from './setting-values.js';
import { suggestName } from './suggestion.js';

/** The process's environment, or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;

const AUTH_PREFIX = 'NMP_AUTH_';

/**
 * Reads the settings made by environment variables: `NMP_SERVER_PORT`, `NMP_AUTH_ENABLED`, `NMP_AUTH_OIDC__ISSUER`.
 * Adds a line to `problems` for every value of the wrong kind and for every `NMP_AUTH_…` that is no setting; variables
 * with other prefixes are other programs' and are not looked at.
 */
export function settingsOfEnvironment(environment: Environment, problems: string[]): Settings {
  const settings: Settings = {};
  for (const { name, path, read } of settingVariables) {
    const text = environment[name];
    if (text === undefined) continue;
    const reading = read(text);
    if ('value' in reading) assign(settings, path, reading.value);
    else problems.push(`${name} ${reading.expected}`);
  }
  const known = settingVariables.map(({ name }) => name);
  for (const name of Object.keys(environment)) {
    if (name.startsWith(AUTH_PREFIX) && !known.includes(name)) problems.push(unknownVariable(name, known));
  }
  return settings;
}

interface Variable {
  readonly name: string;
  readonly path: readonly string[];
  readonly read: (text: string) => Reading;
}

/** Every variable that makes a setting. */
export const settingVariables: readonly Variable[] = variablesOf(settingTree, []);

function variablesOf(tree: SettingTree, parents: readonly string[]): Variable[] {
  return Object.entries(tree).flatMap(([key, setting]) => {
    const path = parents.concat(key);
    const name = variableName(path);
    if (typeof setting === 'object' && 'section' in setting) {
      const whole: Variable[] = setting.orFalse === true ? [{ name, path, read: readFalse }] : [];
      return whole.concat(variablesOf(setting.section, path));
    }
    // In one text there is room for the names of issuers only.
    const kind = typeof setting === 'string' ? setting : 'list';
    return [{ name, path, read: (text: string) => readTextValue(kind, text) }];
  });
}

/** Under `auth` two underscores separate levels, because the names have underscores themselves. */
function variableName([first, ...rest]: readonly string[]): string {
  const name = first === 'auth' ? AUTH_PREFIX + rest.join('__') : ['NMP', first, ...rest].join('_');
  return name.toUpperCase();
}

function readFalse(text: string): Reading {
  return text === 'false' ? { value: false } : { expected: 'can only be false' };
}

function unknownVariable(name: string, known: readonly string[]): string {
  const suggestion = suggestName(name, known);
  return `${name} is not a setting${suggestion === undefined ? '' : `, did you mean ${suggestion}?`}`;
}

function assign(settings: Settings, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    settings[key] = value;
    return;
  }
  const inner = settings[key];
  const section: Settings = typeof inner === 'object' && inner !== null ? (inner as Settings) : {};
  settings[key] = section;
  assign(section, rest, value);
}
