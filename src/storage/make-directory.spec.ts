import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeDirectory } from './make-directory.js';

const home = mkdtempSync(join(tmpdir(), 'make-directory-'));

afterAll(() => rmSync(home, { recursive: true }));

describe('makeDirectory', () => {
  it('makes what is missing and takes what is there', () => {
    const path = join(home, 'a', 'b', 'c');
    makeDirectory(path, 0o700);
    makeDirectory(path, 0o700);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('fails, and comes back, where nothing can be made', () => {
    writeFileSync(join(home, 'file'), '');
    const failures: [path: string, code: string][] = [
      [join(home, 'file'), 'EEXIST'],
      [join(home, 'file', 'below'), 'ENOTDIR'],
      ...(process.platform === 'linux' ? [['/proc/nothing/below', 'ENOENT'] as [string, string]] : []),
    ];
    for (const [path, code] of failures) {
      expect(() => makeDirectory(path, 0o700)).toThrow(expect.objectContaining({ code }));
    }
  });
});
