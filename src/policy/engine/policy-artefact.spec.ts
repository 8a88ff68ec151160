import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fitsSources, readCompiledPolicy } from './policy-artefact.js';

describe('the committed policy', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nmp-policy-'));
    cpSync('policy', folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('was compiled from the sources that are there; after a change of them: npm run policy:build', () => {
    expect(fitsSources()).toBe(true);
    writeFileSync(join(folder, 'authz', 'allow.rego'), 'package authz\n\nallow := {"allowed": true}\n');
    expect(fitsSources(folder)).toBe(false);
  });

  it('is not run when it was altered', () => {
    expect(readCompiledPolicy(folder).length).toBeGreaterThan(0);
    writeFileSync(join(folder, 'authz.wasm'), 'altered');
    expect(() => readCompiledPolicy(folder)).toThrow('SHA-256');
  });
});
