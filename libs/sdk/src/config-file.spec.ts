import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigFile } from './config-file.js';
import { ConfigError } from './errors.js';

describe('ConfigFile', () => {
  let config: TemporaryConfig;

  beforeEach(async () => {
    config = await TemporaryConfig.create();
  });
  afterEach(() => config.remove());

  const signIn = (file: ConfigFile, context: string, token: string): Promise<void> =>
    file.update((document) => {
      document.setBaseUrl(context, 'http://localhost:8080');
      document.setCredentials(context, { token });
    });

  it('is empty when there is no file', async () => {
    expect((await config.file.read()).contextNames).toEqual([]);
  });

  it('is written for its owner alone, in a directory for its owner alone', async () => {
    const directory = join(config.directory, 'a', 'nmp');
    const path = join(directory, 'config.yaml');
    await signIn(new ConfigFile(path), 'default', 't');
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    expect(((await stat(directory)).mode & 0o777).toString(8)).toBe('700');
  });

  it('narrows the permissions of a file that held no secret when one comes', async () => {
    await writeFile(config.path, '# nothing secret\ntelemetry_enabled: false\n', { mode: 0o644 });
    await signIn(config.file, 'default', 't');
    expect(await config.mode()).toBe('600');
    expect(await config.read()).toMatch(/^# nothing secret\ntelemetry_enabled: false\n/);
  });

  it('refuses a file with tokens that others can read, and says how to close it', async () => {
    await signIn(config.file, 'default', 't');
    await chmod(config.path, 0o640);
    await expect(config.file.read()).rejects.toThrow(`Run: chmod 600 ${config.path}`);
  });

  it.each([
    [0o777, 1],
    [0o770, 1],
    [0o755, 0],
    [0o700, 0],
    [0o1777, 0],
  ])('warns of a directory of mode %o that others can write to, once', async (mode, times) => {
    await chmod(config.directory, mode);
    const warnings: string[] = [];
    const file = new ConfigFile(config.path, (message) => warnings.push(message));
    await file.read();
    await signIn(file, 'default', 't');
    const warning = `Other users can write to ${config.directory}, and replace the configuration file there. Run: chmod go-w ${config.directory}`;
    expect(warnings).toEqual(Array.from({ length: times }, () => warning));
  });

  it('says nothing of a directory that is yet to be made', async () => {
    const warn = jest.fn();
    await new ConfigFile(join(config.directory, 'a', 'config.yaml'), warn).read();
    expect(warn).not.toHaveBeenCalled();
  });

  it('loses no change when many writers change it at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    await Promise.all(names.map((name) => signIn(config.file, name, `token-${name}`)));
    const document = await config.file.read();
    expect(document.contextNames.toSorted()).toEqual(names.toSorted());
    expect(names.map((name) => document.context(name)?.credentials?.token)).toEqual(
      names.map((name) => `token-${name}`),
    );
    expect(await readdir(config.directory)).toEqual(['config.yaml']);
  });

  it('keeps the old content when a change fails', async () => {
    await signIn(config.file, 'default', 't');
    const before = await config.read();
    const failing = config.file.update(() => {
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await config.read()).toBe(before);
  });

  it('says so when the path cannot be read or written', async () => {
    await mkdir(config.path);
    await expect(config.file.read()).rejects.toThrow(/cannot be read \(EISDIR\)/);
    await writeFile(join(config.directory, 'file'), '');
    const beneathAFile = new ConfigFile(join(config.directory, 'file', 'config.yaml'));
    await expect(signIn(beneathAFile, 'default', 't')).rejects.toThrow(ConfigError);
  });
});
