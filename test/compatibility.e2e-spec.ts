import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { compatibilityPage, triedParts } from '../scripts/compatibility.mjs';

const tables = join(import.meta.dirname, 'interop', 'providers', 'simulated', 'tables');
const realProviders = ['keycloak', 'dex', 'oidc-provider'];

// What it tells is tried by the interop suite, which writes the data.
describe('the page of what has been tried', () => {
  const parts = triedParts();

  it('is made of the data', async () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'compatibility.md'), 'utf8');
    expect(page).toBe(await compatibilityPage(parts));
  });

  it('names every identity provider, and tells real servers from simulated ones', () => {
    const simulated = readdirSync(tables).map((file) => {
      const { title } = parse(readFileSync(join(tables, file), 'utf8')) as { title: string };
      return title;
    });
    const named = (kind: string): string[] => parts.filter((part) => part.kind === kind).map(({ name }) => name);
    expect(named('provider').toSorted()).toEqual(realProviders.toSorted());
    expect(named('simulated provider').toSorted()).toEqual(simulated.toSorted());
  });

  it.each(parts.map((part) => [part.name, part] as const))(
    '%s has a date, and a reason for what it lacks',
    (_, part) => {
      expect(part.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(part.checks.length).toBeGreaterThan(0);
      for (const { result, reason } of part.checks) {
        expect(['passed', 'not offered', 'unavailable']).toContain(result);
        expect(reason === undefined).toBe(result === 'passed');
      }
    },
  );
});
