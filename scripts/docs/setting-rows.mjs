import { code, prose } from './markdown-table.mjs';
import { nestedAt } from './nested-at.mjs';

/**
 * What is known of the platform's settings by the code that reads them.
 *
 * @typedef {object} PlatformSettings
 * @property {object} tree every setting, by section
 * @property {readonly { name: string, path: readonly string[] }[]} variables
 * @property {(settings: object) => string[]} problemsOf what is wrong with settings, a line each
 * @property {(settings: object) => string} effectOf what settings come to, to be compared
 * @property {(yaml: string) => unknown} parse
 * @property {readonly string[]} required the settings without which there is no start
 */

/** Values that are of the right kind, and that only a setting without any rule takes. */
const nonsense = {
  text: '\u0007',
  integer: -1_000_000_000,
  number: -1_000_000_000,
  list: ['\u0007'],
  'text-or-list': [' '],
  'text-map': { '\u0007': ' ' },
};
const kinds = {
  text: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  number: 'number',
  list: 'list of texts',
  'text-or-list': 'text or list of texts',
  'text-map': 'mapping of texts',
};

/**
 * The settings in their order: a row for each value, and for each section that is a value itself.
 *
 * @param {PlatformSettings} platform
 * @param {Map<string, import('./example-settings.mjs').ExampleSetting>} example
 * @throws {Error} naming the settings that the example says nothing about
 */
export function settingRows(platform, example) {
  const rows = leavesOf(platform.tree, []);
  const silent = rows.filter(({ path }) => (example.get(path)?.sentence ?? '') === '').map(({ path }) => path);
  if (silent.length > 0) throw new Error(`config/platform.example.yaml has no sentence about ${silent.join(', ')}`);
  return rows.map(({ path, setting }) => ({
    path,
    takes: prose(takenBy(platform, path, setting)),
    default: defaultOf(platform, path, example.get(path)),
    variable: platform.variables.find((variable) => variable.path.join('.') === path)?.name,
    sentence: prose(example.get(path).sentence),
  }));
}

function leavesOf(tree, parents) {
  return Object.entries(tree).flatMap(([key, setting]) => {
    const path = [...parents, key].join('.');
    if (typeof setting === 'string') return [{ path, setting }];
    if ('entries' in setting) return [{ path, setting }, ...leavesOf(setting.entries, [...parents, `${key}[]`])];
    const own = setting.orFalse ? [{ path, setting }] : [];
    return [...own, ...leavesOf(setting.section, [...parents, key])];
  });
}

/**
 * What a setting may be, in the words of the error that refuses everything else: without the system's code of an error,
 * and without functions, which only code can hand over.
 */
function takenBy(platform, path, setting) {
  if (typeof setting !== 'string') return 'entries' in setting ? 'list' : 'mapping, or false';
  if (nonsense[setting] === undefined) return kinds[setting];
  const names = ['.0', '[0]'].map((index) => `${path.replaceAll('[]', index)} must be `);
  const complaint = platform
    .problemsOf(nestedAt(path, nonsense[setting]))
    .flatMap((problem) => names.filter((name) => problem.startsWith(name)).map((name) => problem.slice(name.length)))
    .at(0);
  if (complaint === undefined) return kinds[setting];
  const words = complaint.replace(/: [A-Z]+$/, '').replace(', a list of them, or a function', ', or a list of them');
  return words.startsWith('between') ? `${kinds[setting]} ${words}` : words.replace(/^an? /, '');
}

/** The example's value, where it makes no difference to leave it out; what must be there has none. */
function defaultOf(platform, path, { words, value }) {
  if (words !== undefined) return prose(words);
  if (platform.required.includes(path)) return '– (required)';
  if (path.includes('[]') || value === '') return '–';
  const { effectOf } = platform;
  return effectOf(nestedAt(path, platform.parse(value))) === effectOf({}) ? code(value) : '–';
}
