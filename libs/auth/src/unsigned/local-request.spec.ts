import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '../carriers/http.js';
import { foreignSign, isLoopbackAddress } from './local-request.js';

const server = { maxHeadersCount: 0, address: () => ({ address: '127.0.0.1', port: 1, family: 'IPv4' }) };
const local = {
  headers: { host: 'localhost' },
  rawHeaders: ['Host', 'localhost'],
  httpVersion: '1.1',
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
