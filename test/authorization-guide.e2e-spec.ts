import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRoleCatalogue, roleCatalogueOf } from '../src/policy/engine/role-files.js';
import { codeBlocks } from './support/markdown-blocks.js';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'authorization.md'), 'utf8');
const builtIn = { name: 'config/roles.yaml', text: readFileSync(join(root, 'config', 'roles.yaml'), 'utf8') };

describe('docs/authorization.md', () => {
  it('describes every role of the platform', () => {
    const names = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    for (const { name } of readRoleCatalogue().all()) expect(names).toContain(name);
  });

  it('has roles of your own that the platform takes', () => {
    const own = codeBlocks(page).find(({ text }) => text.startsWith('roles:'))?.text ?? '';
    const roles = roleCatalogueOf(builtIn, { name: 'own-roles.yaml', text: own }).all();
    expect(roles.map(({ name }) => name)).toEqual(expect.arrayContaining(['Auditor', 'ReleaseManager']));
  });
});
