import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderKeys } from './provider-keys.js';
import { openProviderKeys } from './provider-keys.js';

describe('provider keys', () => {
  let directory: string;
  let path: string;
  let warnings: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    path = join(directory, 'keys.json');
    warnings = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  function open(): Promise<ProviderKeys> {
    return openProviderKeys({ path, logger: { info: () => {}, warn: (line) => warnings.push(line) } });
  }

  it('are made once, for their owner alone', async () => {
    const keys = await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await open()).toEqual(keys);
    expect(warnings).toEqual([]);
  });

  it('are taken away from others who could read them, with a warning', async () => {
    const keys = await open();
    await chmod(path, 0o644);
    expect(await open()).toEqual(keys);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual([
      `${path} holds secrets and was open to other users of this machine; from now on it is yours alone`,
    ]);
  });

  it.each([
    ['half of a file', () => '{"secret-part": '],
    ['null', () => 'null'],
    ['no keys', () => '{"jwks":{"keys":[]},"cookieKeys":["secret-part"]}'],
    ['a key that is none', () => '{"jwks":{"keys":[{"kid":"k","alg":"RS256","d":"secret-part"}]},"cookieKeys":["c"]}'],
    ['no cookie keys', (keys: ProviderKeys) => JSON.stringify({ ...keys, cookieKeys: [] })],
    ['cookie keys that are none', (keys: ProviderKeys) => JSON.stringify({ ...keys, cookieKeys: [null] })],
    [
      'no key for RS256',
      ({ jwks, cookieKeys }: ProviderKeys) => JSON.stringify({ jwks: { keys: jwks.keys.slice(1) }, cookieKeys }),
    ],
  ])('are neither replaced nor quoted when their file is damaged: %s', async (_what, damaged) => {
    const text = damaged(await open());
    await writeFile(path, text);
    const failure = await open().then(String, String);
    expect(failure).toBe(
      `DevIdpError: ${path} is damaged: move it away to start with new keys (everybody signs in again), or choose another data directory`,
    );
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
