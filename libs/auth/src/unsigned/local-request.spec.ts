import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '../carriers/http.js';
import { foreignSign, isLoopbackAddress } from './local-request.js';

const server = { maxHeadersCount: 0, address: () => ({ address: '127.0.0.1', port: 1, family: 'IPv4' }) };
const local = {
  headers: { host: 'localhost' },
  rawHeaders: ['Host', 'localhost'],
  httpVersion: '1.1',
  url: '/me',
  socket: { remoteAddress: '127.0.0.1', server },
};

function signOf(difference: Partial<HttpRequest> & { httpVersion?: string }): string | undefined {
  return foreignSign({ ...local, ...difference });
}

describe('foreignSign', () => {
  it('finds none in a request of HTTP from this machine to a server of it', () => {
    expect(foreignSign(local)).toBeUndefined();
    const { headers, ...raw } = local;
    expect(foreignSign({ headers, raw })).toBeUndefined(); // as Fastify has it
  });

  it.each<[string, Partial<HttpRequest>]>([
    ['a message, which comes to no HTTP server', { socket: { remoteAddress: '127.0.0.1' } }],
    ['a message of a broker, which has no peer', { socket: {} }],
    ['what was called without a connection', { socket: undefined }],
    ['an identity among the data of a connection from here', { isAmongData: true }],
  ])('finds one in %s', (_what, difference) => {
    expect(signOf(difference)).toBe('the request did not come over HTTP');
  });

  it.each([
    ['curl', 'Host User-Agent Accept Content-Type Content-Length'],
    ['the fetch of Node', 'host connection accept accept-language sec-fetch-mode user-agent accept-encoding'],
    ['undici', 'host connection content-length content-type traceparent baggage'],
    ['axios', 'Accept Content-Type User-Agent Content-Length Accept-Encoding Host Connection'],
    [
      'nemo and its SDK',
      'host accept x-request-id x-nmp-principal-id x-nmp-principal-groups x-nmp-scopes authorization',
    ],
  ])('finds none in what %s sends', (_what, names) => {
    const rawHeaders = names.split(' ').flatMap((name) => [name, name.toLowerCase() === 'host' ? 'localhost' : 'x']);
    expect(signOf({ rawHeaders })).toBeUndefined();
  });

  it.each([
    'X_Forwarded_For',
    'X-Forwarded_For',
    'Forwarded-For',
    'X-Real_IP',
    'Client-IP',
    'X-ProxyUser-Ip',
    'WL-Proxy-Client-IP',
    'Proxy-Connection',
    'Proxy-Authorization',
    'X-Azure-ClientIP',
    'X-Azure-Ref',
    'Fly-Client-IP',
    'X-Appengine-User-IP',
    'X-Vercel-Forwarded-For',
    'X-Vercel-Id',
    'X-ARR-Log-Id',
    'X-Cloud-Trace-Context',
    'X-Amzn-Trace-Id',
    'Cdn-Loop',
    'Front-End-Https',
    'X-Original-URL',
    'X-Envoy-Attempt-Count',
  ])('finds a proxy in %s', (name) => {
    expect(signOf({ rawHeaders: ['Host', 'localhost', name, 'x'] })).toMatch(
      new RegExp(`through a proxy: it has the header ${name.toLowerCase()}$`),
    );
  });

  it.each(['Referer', 'Sec-CH-UA', 'Sec-CH-UA-Platform', 'Sec-Fetch-User', 'Sec_Fetch_Site', 'Sec-GPC', 'Ping-From'])(
    'finds a browser in %s',
    (name) => {
      expect(signOf({ rawHeaders: ['Host', 'localhost', name, 'x'] })).toMatch(/page in a browser: it has the header/);
    },
  );

  it.each([undefined, 'http://evil.example/me', 'http://localhost/me', '*', 'evil.example:443'])(
    'finds one in the target %j, which is for proxies',
    (url) => {
      expect(signOf({ url })).toMatch(/target is not a path/);
      expect(signOf({ originalUrl: url ?? '', url: '/me' })).toMatch(/target is not a path/);
    },
  );

  it('looks at what was sent as well as at what is left of it', () => {
    expect(signOf({ rawHeaders: ['Host', 'localhost', 'Via', '1.1 proxy'] })).toMatch(/header via$/);
    expect(signOf({ headers: { host: 'localhost', origin: 'null' } })).toMatch(/header origin$/);
  });
});

describe('isLoopbackAddress', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])('knows %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  it.each([
    undefined,
    '',
    '0.0.0.0',
    '::',
    '::ffff:0.0.0.0',
    '128.0.0.1',
    '10.0.0.1',
    'localhost',
    '127.0.0.1.evil.example',
  ])('does not take %s for one', (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});
