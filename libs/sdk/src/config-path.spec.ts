import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { locateConfigFile } from './config-path.js';

describe('locateConfigFile', () => {
  let homeDirectory: string;
  let xdg: string;

  beforeEach(() => {
    homeDirectory = mkdtempSync(join(tmpdir(), 'nmp-home-'));
    xdg = join(homeDirectory, 'xdg');
  });
  afterEach(() => rmSync(homeDirectory, { recursive: true }));

  const plain = (): string => join(homeDirectory, '.config', 'nmp', 'config.yaml');

  it('lies in ~/.config/nmp when nothing says otherwise', () => {
    expect(locateConfigFile({ env: {}, homeDirectory })).toBe(plain());
  });

  it('follows NMP_CONFIG_FILE, and a given path before that', () => {
    const env = { NMP_CONFIG_FILE: 'some.yaml', XDG_CONFIG_HOME: xdg };
    expect(locateConfigFile({ env, homeDirectory })).toBe(resolve('some.yaml'));
    expect(locateConfigFile({ configPath: '/x/y.yaml', env, homeDirectory })).toBe('/x/y.yaml');
  });

  it('follows XDG_CONFIG_HOME when neither directory exists, or both do', () => {
    const env = { XDG_CONFIG_HOME: xdg };
    expect(locateConfigFile({ env, homeDirectory })).toBe(join(xdg, 'nmp', 'config.yaml'));
    mkdirSync(join(homeDirectory, '.config', 'nmp'), { recursive: true });
    mkdirSync(join(xdg, 'nmp'), { recursive: true });
    expect(locateConfigFile({ env, homeDirectory })).toBe(join(xdg, 'nmp', 'config.yaml'));
  });

  it('stays with ~/.config/nmp when only that exists', () => {
    mkdirSync(join(homeDirectory, '.config', 'nmp'), { recursive: true });
    expect(locateConfigFile({ env: { XDG_CONFIG_HOME: xdg }, homeDirectory })).toBe(plain());
  });

  it('ignores a relative XDG_CONFIG_HOME and an empty NMP_CONFIG_FILE', () => {
    expect(locateConfigFile({ env: { XDG_CONFIG_HOME: 'etc', NMP_CONFIG_FILE: '' }, homeDirectory })).toBe(plain());
  });
});
