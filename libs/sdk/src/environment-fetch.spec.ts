import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { selfSignedCertificate } from '../test/support/certificate.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { environmentFetch } from './environment-fetch.js';
import { ConfigError } from './errors.js';
import { NeMoPlatform } from './nemo-platform.js';

const host = 'nmp.example.com';
const whoami = { principal: { kind: 'user', id: 'alice-id' }, scopes: [] };

describe('environmentFetch', () => {
  let files: TemporaryConfig;
  let platform: Server;
  let proxy: Server;
  let certificateFile: string;
  const sockets: Duplex[] = [];
  const tunnels: { target: string | undefined; authorization: string | undefined }[] = [];

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const proxyUrl = (userInfo = ''): string => `http://${userInfo}127.0.0.1:${portOf(proxy)}`;

  beforeAll(async () => {
    files = await TemporaryConfig.create();
    certificateFile = join(files.directory, 'ca.pem');
    const certificate = selfSignedCertificate(host);
    await writeFile(certificateFile, certificate.cert);
    platform = createSecureServer({ ...certificate }, (_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(whoami));
    });
    proxy = createServer();
    // Whatever name is asked for: the platform answers.
    proxy.on('connect', (request, client) => {
      tunnels.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
      const target = connect(portOf(platform), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      for (const socket of [client, target]) {
        sockets.push(socket);
        socket.on('error', () => socket.destroy());
      }
    });
    for (const server of [platform, proxy]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of [platform, proxy]) {
      server.closeAllConnections();
      server.close();
    }
    await files.remove();
  });
  beforeEach(() => void tunnels.splice(0));

  const ask = (env: Record<string, string>): Promise<unknown> =>
    new NeMoPlatform({
      baseUrl: `https://${host}`,
      accessToken: 'the-token',
      env: { NMP_CONFIG_FILE: files.path, ...env },
    }).auth.whoami();

  it('goes through the proxy, and trusts the certificates of the file', async () => {
    const env = { HTTPS_PROXY: proxyUrl('user:pass@'), NMP_CLIENT_SSL_CERT_FILE: certificateFile };
    await expect(ask(env)).resolves.toEqual(whoami);
    const authorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    expect(tunnels).toEqual([{ target: `${host}:443`, authorization }]);
  });

  it('goes on trusting the certificates that Node was given', async () => {
    const other = join(files.directory, 'other.pem');
    await writeFile(other, selfSignedCertificate('other.example.com').cert);
    const env = { HTTPS_PROXY: proxyUrl(), NMP_CLIENT_SSL_CERT_FILE: other };
    await expect(ask(env)).rejects.toThrow(/SELF_SIGNED/);
    await expect(ask({ ...env, NODE_EXTRA_CA_CERTS: certificateFile })).resolves.toEqual(whoami);
    await expect(ask({ ...env, NODE_EXTRA_CA_CERTS: files.path })).rejects.toThrow(/SELF_SIGNED/);
  });

  it('trusts nobody else', async () => {
    await expect(ask({ HTTPS_PROXY: proxyUrl() })).rejects.toThrow(/could not be reached \(\w*SELF_SIGNED\w*\)/);
  });

  it('keeps what is meant for this machine to itself', async () => {
    const answer = await environmentFetch({ HTTP_PROXY: proxyUrl(), HTTPS_PROXY: proxyUrl() })(
      `http://127.0.0.1:${portOf(proxy)}/`,
      { signal: AbortSignal.abort() },
    ).catch((error: Error) => error.name);
    expect(answer).toBe('AbortError');
    expect(tunnels).toEqual([]);
  });

  it.each([
    ['a file that is not there', 'missing.pem', undefined, /cannot be read \(ENOENT\)\. Correct it, or unset it/],
    ['a file without certificates', 'empty.pem', 'hello', /holds no certificate in PEM form/],
  ])('says what to do about %s', async (_, name, content, message) => {
    const file = join(files.directory, name);
    if (content !== undefined) await writeFile(file, content);
    const asked = ask({ NMP_CLIENT_SSL_CERT_FILE: file });
    await expect(asked).rejects.toThrow(ConfigError);
    await expect(asked).rejects.toThrow(message);
  });

  it('says what to do about a proxy that is none', async () => {
    await expect(ask({ HTTPS_PROXY: 'socks5://proxy.example' })).rejects.toThrow(ConfigError);
  });
});
