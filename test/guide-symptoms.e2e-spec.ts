import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs', 'troubleshooting.md'), 'utf8');
const sources = ['src', 'libs/auth/src', 'libs/cli/src', 'libs/sdk/src', 'libs/tokens/src'].flatMap(textsIn);

/** What the page says is printed: its headings, and the first two columns of its tables. */
const symptoms = page
  .split('\n')
  .flatMap((line) => (/^#+ /.test(line) ? [line] : line.startsWith('| `') ? line.split('|').slice(1, 3) : []))
  .flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, symptom = '']) => symptom));

describe('docs/troubleshooting.md', () => {
  it.each(symptoms)('knows of a message that there is: %s', (symptom) => {
    // The codes of refused tokens are made of the reasons.
    const said = symptom.replace(/^token_(\w+)$/, "'$1'");
    const parts = said.split('…').filter((part) => part !== '');
    expect(sources.some((text) => parts.every((part) => text.includes(part)))).toBe(true);
  });
});

function textsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}
