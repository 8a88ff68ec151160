import { clientFileKeys, clientVariables } from './client-settings.mjs';
import { exampleSettings } from './example-settings.mjs';
import { code, markdownTable } from './markdown-table.mjs';
import { optionRows } from './option-rows.mjs';
import { settingRows } from './setting-rows.mjs';

/**
 * The page about every setting, made of the code that reads them.
 *
 * @param {object} from
 * @param {import('./setting-rows.mjs').PlatformSettings} from.platform
 * @param {string} from.example `config/platform.example.yaml`
 * @param {readonly string[]} from.optionSources the files that declare the options of `AuthModule`
 * @param {(options: object) => string[]} from.optionProblemsOf
 * @param {string} from.help what `nemo --help` prints
 * @param {string} from.version the version that comes next
 * @param {string} from.previous the page as it was: it knows since when a setting is there
 */
export function configurationPage({ platform, example, optionSources, optionProblemsOf, help, version, previous }) {
  const settings = settingRows(platform, exampleSettings(example, platform.tree));
  const options = optionRows(optionSources, 'AuthModuleOptions', optionProblemsOf);
  const extras = optionRows(optionSources, 'AuthModuleExtras', () => []);
  const sinceOf = sinceIn(previous, version);
  const settingTables = sectionsOf(settings).map(([title, rows]) => [
    `### ${title}`,
    '',
    markdownTable(
      ['setting', 'takes', 'default', 'environment', 'since', ''],
      rows.map((row) => [code(row.path), row.takes, row.default, code(row.variable), sinceOf(row.path), row.sentence]),
    ),
  ]);
  const optionTable = markdownTable(
    ['option', 'takes', 'default', 'since', ''],
    [...options, ...extras].map((row) => [code(row.path), row.takes, row.default, sinceOf(row.path), row.sentence]),
  );
  return [
    '# Every setting',
    '',
    '<!-- Made by `npm run docs` of config/platform.example.yaml, of the docstrings of the options, and of what the code',
    'accepts; do not edit. -->',
    '',
    introduction,
    '',
    '## The platform',
    '',
    platformText,
    '',
    ...settingTables.flatMap((lines) => [...lines, '']),
    '## `AuthModule`',
    '',
    moduleText,
    '',
    optionTable,
    '',
    '## `nemo` and the SDK',
    '',
    clientText,
    '',
    markdownTable(
      ['variable', 'since', ''],
      clientVariables(help).map(({ name, sentence }) => [
        name.split(', ').map(code).join(', '),
        sinceOf(name),
        sentence,
      ]),
    ),
    '',
    fileText,
    '',
    markdownTable(
      ['key', 'takes', 'since', ''],
      clientFileKeys.map(([key, takes, sentence]) => [code(key), takes, sinceOf(key), sentence]),
    ),
    '',
  ].join('\n');
}

const introduction = `The platform has a configuration file, \`AuthModule\` takes the same settings from code, and \`nemo\` and the SDK share a
file of their own. What is not set has the default that is given here; a dash stands for nothing.`;

const platformText = `The file is \`./config/platform.yaml\`, or the one that \`NMP_CONFIG_FILE_PATH\` names; where there is none, defaults
hold. [config/platform.example.yaml](../config/platform.example.yaml) is a file to begin with. An environment variable
wins over the file. In a variable, lists are separated by commas, mappings are \`name=value\` pairs separated by commas,
and \`true\`, \`false\` and numbers are written as in YAML. Unknown settings, and unknown variables that begin with
\`NMP_AUTH_\`, stop the start, and so does a value of the wrong kind.
Other variables that look like a setting and are none are named in the log.`;

const moduleText = `For \`AuthModule.forRoot(options, extras)\` in a service of your own. \`isGlobal\` and \`discovery\` are the extras. The module
reads no file and no environment variable but those of proxies; a wrong option stops the start.`;

const clientText = `An option of a command wins over the variable, and the variable over the file. The SDK takes the same variables, but for
those that are about output.`;

const fileText = `The file is the one that \`NMP_CONFIG_FILE\` names, else \`$XDG_CONFIG_HOME/nmp/config.yaml\` (unless only
\`~/.config/nmp\` exists), else \`~/.config/nmp/config.yaml\`. \`nemo auth login\` makes it, readable for its owner alone, and
keeps comments and keys that it does not know.`;

/** The settings by section, the sections in the order of the file. */
function sectionsOf(rows) {
  const sections = new Map();
  for (const row of rows) {
    const path = row.path.split('.');
    const inOidc = path[0] === 'auth' && path[1] === 'oidc';
    const title = inOidc ? '`auth.oidc`' : path[0] === 'auth' ? '`auth`' : 'The service';
    sections.set(title, [...(sections.get(title) ?? []), row]);
  }
  return [...sections];
}

/** What was there before keeps its version; what is new gets the next one. */
function sinceIn(previous, version) {
  const known = new Map();
  for (const line of previous.split('\n').filter((text) => text.startsWith('| `'))) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const since = cells.find((cell) => /^\d+\.\d+\.\d+$/.test(cell));
    if (since !== undefined) known.set(cells[1].replaceAll('`', ''), since);
  }
  return (name) => known.get(name) ?? version;
}
