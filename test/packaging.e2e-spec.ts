import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const libraries = readdirSync(join(root, 'libs')).map((name) => ({ name, manifest: manifestOf(join('libs', name)) }));
const published = libraries.filter(({ manifest }) => manifest['private'] !== true).map(({ name }) => name);

describe('the lock file', () => {
  it.each(['.', 'bench', 'bench/nest-keycloak-connect', 'bench/nest-oidc'])('of %s names no registry', (directory) => {
    expect(readFileSync(join(root, directory, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "[a-z]+:\/\//);
  });
});

describe('published packages', () => {
  it.each(published)('%s carries the licence', (name) => {
    const licence = readFileSync(join(root, 'libs', name, 'LICENSE'), 'utf8');

    expect(licence).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it.each(published)('%s has the version of the whole', (name) => {
    expect(manifestOf(join('libs', name))['version']).toBe(manifestOf('.')['version']);
  });

  it.each(libraries)('$name runs on the Node versions of the whole', ({ manifest }) => {
    expect(manifest['engines']).toEqual(manifestOf('.')['engines']);
  });
});

function manifestOf(directory: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Record<string, unknown>; // JSON object
}
