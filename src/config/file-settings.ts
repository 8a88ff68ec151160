import type { EntryList, Section, SettingKind, SettingTree } from './setting-tree.js';
import { settingTree } from './setting-tree.js';
import { readFileValue } from './setting-values.js';
import { suggestName } from './suggestion.js';

export interface Settings {
  [key: string]: unknown;
}

/**
 * Takes the known settings out of a file's content and adds a line to `problems` for every key that is unknown and
 * every value of the wrong kind. A key without a value is a setting that is not made.
 */
export function settingsOfFile(content: Record<string, unknown>, problems: string[]): Settings {
  return readSection(settingTree, content, '', problems);
}

function readSection(tree: SettingTree, content: object, path: string, problems: string[]): Settings {
  const settings: Settings = {};
  for (const [key, value] of Object.entries(content)) {
    const setting = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (setting === undefined) problems.push(unknownKey(tree, path, key));
    else if (value !== null || isNullRefused(key)) settings[key] = readSetting(setting, value, path + key, problems);
  }
  return settings;
}

function readSetting(
  setting: SettingKind | Section | EntryList,
  value: unknown,
  path: string,
  problems: string[],
): unknown {
  if (typeof setting === 'string') {
    const reading = readFileValue(setting, value);
    if ('value' in reading) return reading.value;
    problems.push(`${path} ${reading.expected}`);
    return undefined;
  }
  if ('entries' in setting) return readEntries(setting, value, path, problems);
  if (setting.orFalse === true && value === false) return false;
  if (isMapping(value)) return readSection(setting.section, value, `${path}.`, problems);
  problems.push(`${path} must be a mapping${setting.orFalse === true ? ' or false' : ''}`);
  return undefined;
}

function readEntries(list: EntryList, value: unknown, path: string, problems: string[]): unknown {
  if (!Array.isArray(value)) {
    problems.push(`${path} must be a list`);
    return undefined;
  }
  return value.map((entry: unknown, index) => {
    if (typeof entry === 'string') return entry;
    if (isMapping(entry)) return readSection(list.entries, entry, `${path}[${index}].`, problems);
    problems.push(`${path}[${index}] must be a text or a mapping`);
    return undefined;
  });
}

/** An audience left empty by mistake would switch its check off silently, so "no value" is not read as "not set". */
function isNullRefused(key: string): boolean {
  return key === 'audience';
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(tree: SettingTree, path: string, key: string): string {
  const near = suggestName(key, Object.keys(tree));
  const suggestion =
    near === undefined ? pathsOf(settingTree).find((known) => known.split('.').at(-1) === key) : path + near;
  const hint = suggestion === undefined ? '' : `, did you mean ${suggestion}?`;
  return `${path}${key} is not a setting${hint}`;
}

/** The paths of all settings and sections. */
function pathsOf(tree: SettingTree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, setting]) => {
    const own = [prefix + key];
    const isSection = typeof setting === 'object' && 'section' in setting;
    return isSection ? own.concat(pathsOf(setting.section, `${prefix}${key}.`)) : own;
  });
}
