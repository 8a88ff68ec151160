import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { selfSignedCertificate } from '../test/support/certificate.js';
import { SecurePlatform } from '../test/support/secure-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigDocument } from './config-document.js';
import { ConfigError, ConnectionError } from './errors.js';
import { NeMoPlatform } from './nemo-platform.js';

const whoami = { principal: { kind: 'user', id: 'alice-id' }, scopes: [] };

describe('the certificate authority of a cluster', () => {
  let platform: SecurePlatform;
  let config: TemporaryConfig;

  beforeAll(async () => {
    platform = await SecurePlatform.start(() => whoami);
  });
  afterAll(() => platform.close());
  beforeEach(async () => {
    config = await TemporaryConfig.create();
    await writeFile(join(config.directory, 'ca.pem'), platform.authority);
    await writeFile(join(config.directory, 'other.pem'), selfSignedCertificate('localhost').cert);
    await writeFile(join(config.directory, 'empty.pem'), 'hello');
  });
  afterEach(() => config.remove());

  const ask = async (
    keys: Record<string, string>,
    { env = {}, baseUrl = platform.url }: { env?: Record<string, string>; baseUrl?: string } = {},
  ): Promise<unknown> => {
    const cluster = { name: 'c', base_url: baseUrl, ...keys };
    const user = { name: 'u', type: 'oauth', token: 'a-token' };
    const contexts = [{ name: 'default', cluster: 'c', user: 'u' }];
    await config.write(JSON.stringify({ clusters: [cluster], users: [user], contexts })); // JSON is YAML
    const given = baseUrl === platform.url ? {} : { baseUrl: platform.url };
    return new NeMoPlatform({ ...given, env: { NMP_CONFIG_FILE: config.path, ...env } }).auth.whoami();
  };
  const base64 = (): string => Buffer.from(platform.authority).toString('base64');

  it('is trusted: a file beside the configuration file, or anywhere', async () => {
    await expect(ask({ certificate_authority: 'ca.pem' })).resolves.toEqual(whoami);
    await expect(ask({ certificate_authority: join(config.directory, 'ca.pem') })).resolves.toEqual(whoami);
  });

  it('is trusted: certificates in the configuration file, in base64 or not, before a file', async () => {
    await expect(ask({ certificate_authority_data: base64() })).resolves.toEqual(whoami);
    const both = { certificate_authority_data: platform.authority, certificate_authority: 'missing.pem' };
    await expect(ask(both)).resolves.toEqual(whoami);
  });

  it('is needed, and said to be', async () => {
    const wrong: Record<string, string>[] = [{}, { certificate_authority: 'other.pem' }];
    for (const keys of wrong) {
      const refused = ask(keys);
      await expect(refused).rejects.toThrow(ConnectionError);
      await expect(refused).rejects.toThrow(
        /SELF_SIGNED_CERT\)\. If .* NMP_CLIENT_SSL_CERT_FILE, or as certificate_authority of the cluster/,
      );
    }
  });

  it('gives way to NMP_CLIENT_SSL_CERT_FILE', async () => {
    const env = { NMP_CLIENT_SSL_CERT_FILE: join(config.directory, 'ca.pem') };
    await expect(ask({ certificate_authority: 'missing.pem' }, { env })).resolves.toEqual(whoami);
    const other = { NMP_CLIENT_SSL_CERT_FILE: join(config.directory, 'other.pem') };
    await expect(ask({ certificate_authority: 'ca.pem' }, { env: other })).rejects.toThrow(ConnectionError);
  });

  it('is nobody to another platform', async () => {
    const elsewhere = { baseUrl: 'https://nmp.example.com' };
    await expect(ask({ certificate_authority: 'ca.pem' }, elsewhere)).rejects.toThrow(ConnectionError);
  });

  it.each([
    [
      'certificate_authority',
      'missing.pem',
      /^certificate_authority of the cluster "c" in .*config\.yaml names .*missing\.pem, which cannot be read \(ENOENT\)\. Correct it, or unset it$/,
    ],
    ['certificate_authority', 'empty.pem', /names .*empty\.pem, which holds no certificate in PEM form/],
    [
      'certificate_authority_data',
      'aGVsbG8=',
      /^The certificate_authority_data of the cluster "c" in .* holds no certificate in PEM form\. Correct it/,
    ],
  ])('must be one: %s %s', async (key, value, message) => {
    const asked = ask({ [key]: value });
    await expect(asked).rejects.toThrow(ConfigError);
    await expect(asked).rejects.toThrow(message);
  });

  it('is read again by the next request when it has been corrected', async () => {
    await ask({ certificate_authority: 'late.pem' }).catch(() => undefined);
    const client = new NeMoPlatform({ env: { NMP_CONFIG_FILE: config.path } });
    await expect(client.auth.whoami()).rejects.toThrow(/late\.pem, which cannot be read/);
    await writeFile(join(config.directory, 'late.pem'), platform.authority);
    await expect(client.auth.whoami()).resolves.toEqual(whoami);
  });

  it('stays with the host that it is for', () => {
    const keys =
      '{ name: c, base_url: https://nmp.example.com, certificate_authority: ca.pem, certificate_authority_data: x }';
    const text = `clusters: [${keys}]\ncontexts: [{ name: default, cluster: c }]\n`;
    const document = ConfigDocument.parse(text, '/etc/nmp.yaml');
    document.setBaseUrl('default', 'https://nmp.example.com:8443/nmp');
    expect(document.context('default')).toMatchObject({ certificateAuthority: { data: 'x' } });
    document.setBaseUrl('default', 'https://other.example');
    expect(document.context('default')).toEqual({ name: 'default', baseUrl: 'https://other.example' });
    expect(document.toString()).not.toContain('certificate_authority');
  });
});
