import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GuidePage } from './support/guide-page.js';

const folder = join(import.meta.dirname, 'auth-testing');
const page = new GuidePage('docs/testing.md', join(import.meta.dirname, '..', 'docs', 'testing.md'));
const files = readdirSync(folder);

// The files run with all tests.
describe('docs/testing.md', () => {
  it.each(files)('shows %s as it is', (name) => {
    const shown = page.blocks.find(({ fileName }) => fileName === name)?.text;
    expect(shown).toBe(readFileSync(join(folder, name), 'utf8'));
  });

  it('tries a feature module with three callers in less than 25 lines', () => {
    const lines = readFileSync(join(folder, 'reports.e2e-spec.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(25);
    expect(lines.filter((line) => line.includes('await reports()'))).toHaveLength(3);
  });
});
