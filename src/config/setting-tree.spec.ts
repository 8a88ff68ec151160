import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { AdditionalIssuerOptions, AuthModuleOptions, HopOptions, OidcOptions, ServiceClientOptions } from '@nmp/auth';
import { getMetadataStorage } from 'class-validator';
import { introspectionFileSettings, serviceAuthSettings, settingTree, type SettingTree } from './setting-tree.js';

const { section: auth } = settingTree.auth;
const { section: oidc } = auth.oidc;
const example = readFileSync(new URL('../../config/platform.example.yaml', import.meta.url), 'utf8');

/** What only code can give, what the service sets from a setting of its own, and what it has no use for. */
const withoutSetting = new Set([
  'fetch',
  'optionNames',
  'revocation',
  'scopeHierarchy',
  'publicUrl',
  'workload',
  'accessKeys',
  'websockets',
]);

/** What the service itself has a use for. */
const ownSettings = { ...serviceAuthSettings, ...introspectionFileSettings };

describe('settingTree', () => {
  it.each<[string, SettingTree, new () => object]>([
    ['auth', auth, AuthModuleOptions],
    ['auth.oidc', oidc, OidcOptions],
    ['an entry of auth.oidc.additional_issuers', oidc.additional_issuers.entries, AdditionalIssuerOptions],
    ['auth.hop', auth.hop.section, HopOptions],
    ['an entry of auth.service_clients', auth.service_clients.entries, ServiceClientOptions],
  ])('has every option of the auth module in %s', (_, tree, options) => {
    const names = getMetadataStorage()
      .getTargetValidationMetadatas(options, '', true, false)
      .map(({ propertyName }) => propertyName)
      .filter((name) => !withoutSetting.has(name));
    const keys = Object.keys(tree).filter((key) => !Object.hasOwn(ownSettings, key));
    expect(keys.sort()).toEqual([...new Set(names.map(snakeCaseOf))].sort());
  });

  it('is shown completely by the example', () => {
    expect(namesIn(settingTree).filter((name) => !new RegExp(`^[ #-]*${name}:`, 'm').test(example))).toEqual([]);
  });
});

function snakeCaseOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function namesIn(tree: SettingTree): string[] {
  return Object.entries(tree).flatMap(([name, setting]) => {
    if (typeof setting === 'string') return [name];
    return [name].concat(namesIn('section' in setting ? setting.section : setting.entries));
  });
}
