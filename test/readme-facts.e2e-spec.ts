import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { badgeFolder, badges } from '../scripts/docs/badges.mjs';

const root = join(import.meta.dirname, '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = textOf('README.md');

describe('what README.md says of the project', () => {
  it('has badges that say what the code says; after a change, run: npm run docs', () => {
    const drawn = Object.fromEntries(
      readdirSync(badgeFolder).map((name) => [name, readFileSync(join(badgeFolder, name), 'utf8')]),
    );
    expect(drawn).toEqual(badges());
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(docs\/badges\/([\w-]+\.svg)\)/g)].map(([, name = '']) => name);
    expect(shown.toSorted()).toEqual(Object.keys(badges()).toSorted());
  });

  it('has no picture from elsewhere', () => {
    expect(readme).not.toMatch(/!\[[^\]]*\]\(https?:/);
  });

  it('can be read in a while', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(300);
  });

  it('has the figures of the benchmark as they were measured', () => {
    const measured = new Map(rowsOf(textOf('bench/README.md')).map(([figure, ...cells]) => [figure, cells]));
    const section = readme.slice(readme.indexOf('## What it costs'));
    const rows = rowsOf(section.slice(0, section.indexOf('\n## '))).slice(2); // after the head and its line
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const [figure, , express, fastify, target] of rows) {
      const [measuredExpress, measuredFastify, , measuredTarget] = measured.get(figure) ?? [];
      expect([figure, express, fastify, target]).toEqual([figure, measuredExpress, measuredFastify, measuredTarget]);
    }
  });

  it('compares with the versions of the peers that are measured', () => {
    const section = readme.slice(readme.indexOf('## Beside its peers'), readme.indexOf('## What it costs'));
    const versions = {
      'passport-jwt': versionIn('bench', 'passport-jwt'),
      'jwks-rsa': versionIn('bench', 'jwks-rsa'),
      'express-oauth2-jwt-bearer': versionIn('bench', 'express-oauth2-jwt-bearer'),
      'nest-keycloak-connect': versionIn('bench/nest-keycloak-connect', 'nest-keycloak-connect'),
      '@nestjs/passport': versionIn('.', '@nestjs/passport'),
    };
    for (const [name, version] of Object.entries(versions)) {
      expect(section).toMatch(new RegExp(`\\[${name}\\]\\(https://\\S+\\)\\s+${version.replaceAll('.', '\\.')}\\b`));
    }
  });

  it('says where a peer is better', () => {
    const rows = rowsOf(readme.slice(readme.indexOf('## Beside its peers'), readme.indexOf('## What it costs')));
    const better = rows.filter(([, ours = '', ...theirs]) => /^no\b/.test(ours) && theirs.join().includes('**yes**'));
    expect(better.length).toBeGreaterThanOrEqual(3);
  });
});

describe('docs/architecture.md', () => {
  const rows = rowsOf(textOf('docs/architecture.md')).filter(([, , where = '']) => where.startsWith('['));

  it.each(rows)('%s is where the page says', (part = '', _, where = '') => {
    const [, name = ''] = /^`(\w+)`$/.exec(part) ?? [];
    const [, path = ''] = /\]\(\.\.\/(\S+)\)$/.exec(where) ?? [];
    expect(textOf(path)).toMatch(new RegExp(`export class ${name}\\b`));
  });

  it('has them in its diagrams', () => {
    const [diagram = ''] = /```mermaid.*?```/s.exec(textOf('docs/architecture.md')) ?? [];
    const names = rows.map(([part = '']) => part.replaceAll('`', '')).filter((name) => name !== 'KeySet');
    expect(names.filter((name) => !diagram.includes(name))).toEqual([]);
  });
});

/** The cells of the rows of all tables. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function versionIn(directory: string, name: string): string {
  const { packages } = JSON.parse(textOf(join(directory, 'package-lock.json'))) as {
    packages: Record<string, { version: string }>;
  };
  return packages[`node_modules/${name}`]?.version ?? 'none';
}
