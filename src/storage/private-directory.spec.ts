import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from './open-storage.js';
import { keepFromReplacement, makePrivateDirectory } from './private-directory.js';

let parent: string;
let directory: string;
const warnings: string[] = [];
const warn = (line: string): void => void warnings.push(line);

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'nmp-private-'));
  directory = join(parent, 'data');
  warnings.length = 0;
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('makePrivateDirectory', () => {
  it('makes one for its owner alone, those above it too', () => {
    makePrivateDirectory(join(directory, 'postgres'), warn);
    expect([modeOf(directory), modeOf(join(directory, 'postgres'))]).toEqual(['700', '700']);
    expect(warnings).toEqual([]);
  });

  it.each(['755', '2770', '777'])('closes one of mode %s, and says so once', (mode) => {
    made(mode);
    for (const _ of ['first', 'second']) makePrivateDirectory(directory, warn);
    expect(statSync(directory).mode & 0o077).toBe(0);
    expect(warnings).toEqual([expect.stringMatching(/^\/.* was open to other users .*; it is closed now$/)]);
  });
});

describe('keepFromReplacement', () => {
  it.each([
    ['777', '755'],
    ['2775', '2755'],
  ])('takes the right to write in it from others: %s', (mode, closed) => {
    made(mode);
    keepFromReplacement(directory, warn);
    expect(modeOf(directory)).toBe(closed);
    expect(warnings).toEqual([expect.stringMatching(/could be written by other users .*; it is closed now$/)]);
  });

  it.each(['700', '755', '1777'])('leaves one of mode %s as it is', (mode) => {
    made(mode);
    keepFromReplacement(directory, warn);
    expect(modeOf(directory)).toBe(mode);
    expect(warnings).toEqual([]);
  });
});

describe('openStorage', () => {
  it('keeps what it stores where nobody else gets to', async () => {
    made('777');
    mkdirSync(join(directory, 'postgres'));
    chmodSync(join(directory, 'postgres'), 0o755);
    const { close } = await openStorage({ dataDir: directory, warn });
    await close();
    expect([modeOf(directory), modeOf(join(directory, 'postgres'))]).toEqual(['755', '700']);
    expect(warnings).toHaveLength(2);
  });

  it('makes a data directory for its owner alone', async () => {
    const { close } = await openStorage({ dataDir: directory, warn });
    await close();
    expect([modeOf(directory), modeOf(join(directory, 'postgres'))]).toEqual(['700', '700']);
    expect(warnings).toEqual([]);
  });
});

function made(mode: string): void {
  mkdirSync(directory);
  chmodSync(directory, Number.parseInt(mode, 8));
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
