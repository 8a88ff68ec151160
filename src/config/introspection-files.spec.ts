import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.js';

const least = {
  NMP_AUTH_OIDC__ISSUER: 'https://idp.example.com',
  NMP_AUTH_OIDC__CLIENT_ID: 'nmp-cli',
  NMP_AUTH_OIDC__INTROSPECT_OPAQUE_TOKENS: 'true',
};

describe('what introspection asks with', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-introspection-'));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  function fileOf(text: string): string {
    const path = join(directory, `file-${text.length}`);
    writeFileSync(path, text);
    return path;
  }

  const oidcOf = (more: Record<string, string>) => loadConfig({ ...least, ...more }).auth.oidc;

  it('is a setting of the environment', () => {
    expect(oidcOf({ NMP_AUTH_OIDC__INTROSPECTION_CLIENT_SECRET: 'a secret' })).toMatchObject({
      introspectOpaqueTokens: true,
      introspectionClientSecret: 'a secret',
    });
  });

  it('is read from files, without the line break that editors leave', () => {
    const secret = oidcOf({ NMP_AUTH_OIDC__INTROSPECTION_CLIENT_SECRET_FILE: fileOf('s3cret\n') });
    expect(secret).toMatchObject({ introspectionClientSecret: 's3cret' });
    expect(secret).not.toHaveProperty('introspectionClientSecretFile');
    const key = oidcOf({ NMP_AUTH_OIDC__INTROSPECTION_PRIVATE_KEY_FILE: fileOf('-----BEGIN…\n…\n') });
    expect(key).toMatchObject({ introspectionPrivateKey: '-----BEGIN…\n…' });
  });

  it.each([
    ['is not there', () => join(directory, 'none'), /_SECRET_FILE|_secret_file must be the path of a file.*ENOENT/],
    ['is empty', () => fileOf('\n'), /must be the path of a file with a text in it$/],
    ['is a directory', () => directory, /EISDIR/],
  ])('stops the start when its file %s', (_what, path, message) => {
    const start = (): unknown => oidcOf({ NMP_AUTH_OIDC__INTROSPECTION_CLIENT_SECRET_FILE: path() });
    expect(start).toThrow(expect.objectContaining({ problems: [expect.stringMatching(message)] }));
  });

  it('stops the start when it is there twice, without saying it', () => {
    const start = (): unknown =>
      oidcOf({
        NMP_AUTH_OIDC__INTROSPECTION_CLIENT_SECRET: 'hush',
        NMP_AUTH_OIDC__INTROSPECTION_CLIENT_SECRET_FILE: fileOf('hush-hush'),
      });
    expect(start).toThrow(/exclude each other/);
    expect(start).not.toThrow(/hush/);
  });
});
