import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFile } from './config-file.js';

let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-config-'));
  file = join(directory, 'platform.yaml');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('readConfigFile', () => {
  it.each([
    ['broken YAML', 'auth: [', /^the configuration file .*platform\.yaml is not valid: .*at line 1, column 8$/],
    ['a key twice', 'auth: {}\nauth: {}', /is not valid: Map keys must be unique at line 2, column 1$/],
    ['a list', '- auth', /is not valid: it must be a mapping of settings$/],
    ['an alias without anchor', 'auth: *nothing', /is not valid: Unresolved alias/],
  ])('says in one line that the file is %s', (_, yaml, message) => {
    writeFileSync(file, yaml);
    expect(() => readConfigFile(file, true)).toThrow(message);
  });

  it('says that a named file is missing', () => {
    expect(() => readConfigFile(join(directory, 'missing.yaml'), true)).toThrow(
      /^the configuration file .*missing\.yaml cannot be read: ENOENT/,
    );
  });

  it('says that a directory is no file', () => {
    expect(() => readConfigFile(directory, false)).toThrow(/cannot be read: EISDIR/);
  });

  it('takes a file that need not exist for none, and one without settings for empty', () => {
    expect(readConfigFile(join(directory, 'missing.yaml'), false)).toBeUndefined();
    writeFileSync(file, '# nothing yet');
    expect(readConfigFile(file, true)).toEqual({});
  });
});
