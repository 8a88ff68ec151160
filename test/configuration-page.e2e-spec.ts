import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { run, type World } from '@nmp/cli';
import { parse } from 'yaml';
import { authConfigOf } from '../libs/auth/src/auth-config.js';
import { optionProblems, readOptions } from '../libs/auth/src/option-problems.js';
import { clientFileKeys, clientVariables } from '../scripts/docs/client-settings.mjs';
import { configurationPage, type PageSources } from '../scripts/docs/configuration-page.mjs';
import { optionRows } from '../scripts/docs/option-rows.mjs';
import { pageFile, pageTexts } from '../scripts/docs/page-texts.mjs';
import { platformSettings } from '../scripts/docs/platform-settings.mjs';
import { settingProblemOf } from '../src/config/auth-options.js';
import { settingVariables } from '../src/config/environment-settings.js';
import { loadConfig } from '../src/config/load-config.js';
import { settingTree } from '../src/config/setting-tree.js';

const root = join(import.meta.dirname, '..');

describe('docs/configuration.md', () => {
  let sources: PageSources;

  beforeAll(async () => {
    sources = {
      platform: platformSettings({ settingTree, settingVariables, loadConfig, settingProblemOf, authConfigOf }),
      optionProblemsOf: (options) => optionProblems(readOptions(options)),
      help: await helpOfNemo(),
      ...pageTexts(),
    };
  });

  it('is what the code says; after a change, run: npm run docs', () => {
    expect(readFileSync(pageFile, 'utf8')).toBe(configurationPage(sources));
  });

  it('remembers since when a setting is there, and gives new ones the next version', () => {
    const previous = sources.previous.replaceAll(/^(\| `(?!server\.port)[^|]*\|.*\| )0\.1\.0 /gm, '$10.0.9 ');
    const page = configurationPage({ ...sources, previous, version: '7.0.0' });
    expect(page).toMatch(/^\| `server\.host` .*\| 0\.0\.9 /m);
    expect(configurationPage({ ...sources, previous: '', version: '7.0.0' })).toMatch(
      /^\| `server\.port` .*\| 7\.0\.0 /m,
    );
  });

  it('is not written about a setting of which the example says nothing', () => {
    const example = sources.example.replace('# 0 lets the system choose.', '');
    expect(() => configurationPage({ ...sources, example })).toThrow(
      'config/platform.example.yaml has no sentence about server.port',
    );
  });

  it('is not written about an option of which no docstring says anything', () => {
    const optionSources = sources.optionSources.concat('export interface AuthModuleExtras { odd?: string }');
    expect(() => configurationPage({ ...sources, optionSources })).toThrow(/AuthModuleExtras do: odd/);
  });

  it('has no default where a setting is required', () => {
    const page = configurationPage(sources);
    for (const name of ['issuer', 'client_id']) {
      expect(page).toMatch(new RegExp(`^\\| \`auth\\.oidc\\.${name}\` +\\|[^|]*\\| – \\(required\\) +\\|`, 'm'));
    }
  });

  it('says of the platform only what a file can hold, without the codes of errors', () => {
    const [settings = ''] = configurationPage(sources).split('## `AuthModule`');
    expect(settings).not.toMatch(/ENOENT|or a function/);
    expect(settings).toMatch(/^\| `auth\.oidc\.email_claim` +\| claim name, .*, or a list of them +\|/m);
  });

  it('gives defaults of the module that make no difference when they are written', () => {
    const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };
    const effectOf = (options: object): string => JSON.stringify(authConfigOf({ oidc, ...options }), setsAsLists);
    const rows = optionRows(sources.optionSources, 'AuthModuleOptions', sources.optionProblemsOf);
    const given = rows.flatMap(({ path, default: text }) => {
      const value: unknown = parse(/^`([^`]+)`$/.exec(text)?.[1] ?? 'null');
      // A default that is the name of another option is that option's value.
      const isOther = value === null || rows.some((row) => row.path.split('.').at(-1) === value);
      const [parent, name] = path.startsWith('oidc.') ? ['oidc', path.slice('oidc.'.length)] : ['', path];
      const options = parent === '' ? { [name]: value } : { oidc: { ...oidc, [name]: value } };
      return isOther || name.includes('.') || sources.optionProblemsOf(options).length > 0 ? [] : [options];
    });
    expect(given.length).toBeGreaterThanOrEqual(18);
    for (const options of given)
      expect({ options, effect: effectOf(options) }).toEqual({ options, effect: effectOf({}) });
  });

  it('has every variable that the command line and the SDK read', () => {
    const told = clientVariables(sources.help).flatMap(({ name }) => name.split(', '));
    const read = sourcesOf('cli', 'sdk').flatMap((text) => [...text.matchAll(/\bNMP_[A-Z_]+/g)].map(([name]) => name));
    expect(new Set(told.filter((name) => name.startsWith('NMP_')))).toEqual(new Set(read));
  });

  it('has every key of the file that a sign-in is kept in', () => {
    const users = clientFileKeys.map(([key]) => /^users\[\]\.(.*)/.exec(key)?.[1]).filter((key) => key !== undefined);
    const text = readFileSync(join(root, 'libs/sdk/src/user-entry.ts'), 'utf8');
    const written = /const fields = \{(.*?)\};/s.exec(text)?.[1] ?? '';
    const keys = [...written.matchAll(/^ {4}([a-z_]+):/gm)].map(([, key]) => key);
    expect(new Set(users)).toEqual(new Set([...keys, 'name']));
    const all = sourcesOf('sdk').join('\n');
    for (const [path] of clientFileKeys) {
      const key = path.split('.').at(-1)?.replace('[]', '');
      expect(all).toMatch(new RegExp(`'${key}'|\\b${key}:`));
    }
  });
});

function sourcesOf(...names: string[]): string[] {
  return names.flatMap((name) => {
    const folder = join(root, 'libs', name, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('testing'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
  });
}

function setsAsLists(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...(value as Set<unknown>)] : value;
}

async function helpOfNemo(): Promise<string> {
  let help = '';
  const signal = new AbortController().signal;
  const output = { write: (text: string) => (help += text) };
  // Help needs no more of the world than this.
  await run({ programName: 'nemo', env: {}, signal, stdout: output, stderr: output } as unknown as World, ['--help']);
  return help;
}
