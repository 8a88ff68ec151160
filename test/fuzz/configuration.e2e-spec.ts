import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { settingVariables } from '../../src/config/environment-settings.js';
import { loadConfig } from '../../src/config/load-config.js';
import { StartUpError } from '../../src/start-up-error.js';
import { fuzz } from './fuzz.js';

const example = readFileSync(new URL('../../config/platform.example.yaml', import.meta.url), 'utf8');
let file: string;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-fuzz-'));
  file = join(directory, 'platform.yaml');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const telling = [
  '',
  '/',
  '.',
  '~',
  'true',
  'false',
  '-1',
  '0',
  '65536',
  '1e999',
  'https://',
  'http://x.example',
  '*',
  '[',
  '{',
  '{}',
];
const values = fc.oneof(
  fc.constantFrom<unknown>(...telling, null, true, 0, -1, 1e300, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const settings = fc.array(fc.tuple(fc.constantFrom(...settingVariables.map(({ path }) => path)), values), {
  maxLength: 6,
});

/** Comments of the example that are settings, in force. */
const uncommented = example.replaceAll(/^(\s*)# ?(?=[\w-]+:|- )/gm, '$1');
const cuts = fc.record({ at: fc.nat(uncommented.length), remove: fc.nat(40), insert: fc.string({ maxLength: 4 }) });

describe('the reader of the configuration', () => {
  it('says what is wrong with a file, whatever is in it', async () => {
    const files = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      settings.map((chosen) => stringify(treeOf(chosen))),
      cuts.map(({ at, remove, insert }) => uncommented.slice(0, at) + insert + uncommented.slice(at + remove)),
    );
    await fuzz({ name: 'configuration-files', inputs: files, runs: 400, holds: (content) => checkLoad(content, {}) });
  });

  it('says what is wrong with the environment, whatever is in it', async () => {
    const texts = fc.oneof(fc.constantFrom(...telling), fc.string({ maxLength: 20 }));
    const names = fc.constantFrom(...settingVariables.map(({ name }) => name), 'NMP_AUTH_OIDC__ISSUERS', 'NMP_AUTH_');
    await fuzz({
      name: 'configuration-environments',
      inputs: fc.dictionary(names, texts, { maxKeys: 6 }),
      runs: 400,
      holds: (environment) => checkLoad('{}', environment),
    });
  });
});

/** The configuration is read, or refused by an error for people. */
function checkLoad(content: string, environment: Readonly<Record<string, string>>): void {
  writeFileSync(file, content);
  let outcome: unknown;
  try {
    outcome = loadConfig({ ...environment, NMP_CONFIG_FILE_PATH: file });
  } catch (error) {
    if (!(error instanceof StartUpError)) throw error;
    expect(error.message).toMatch(/^(wrong configuration: |the configuration file )/);
    return;
  }
  expect(Object.isFrozen(outcome)).toBe(true);
}

function treeOf(chosen: readonly (readonly [readonly string[], unknown])[]): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of chosen) {
    let section = tree;
    for (const key of path.slice(0, -1)) {
      const inner = section[key];
      section = (section[key] = typeof inner === 'object' && inner !== null ? inner : {}) as Record<string, unknown>;
    }
    section[path.at(-1) ?? ''] = value;
  }
  return tree;
}
