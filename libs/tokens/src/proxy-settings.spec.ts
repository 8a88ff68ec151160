import { describe, expect, it } from '@jest/globals';
import { proxyFor } from './proxy-settings.js';

const proxy = 'http://proxy.example:3128';
const https = 'https://nmp.example.com/x';

describe('proxyFor', () => {
  it.each([
    [https, { HTTPS_PROXY: proxy }, proxy],
    [https, { https_proxy: proxy, HTTPS_PROXY: 'http://other.example' }, proxy],
    [https, { ALL_PROXY: proxy }, proxy],
    [https, { HTTPS_PROXY: 'proxy.example:3128' }, proxy],
    [https, { HTTP_PROXY: proxy }, undefined],
    [https, { HTTPS_PROXY: '' }, undefined],
    ['http://nmp.example.com/', { HTTP_PROXY: proxy }, proxy],
    [https, {}, undefined],
  ])('sends %s with %j through %s', (url, env, expected) => {
    expect(proxyFor(new URL(url), env)).toBe(expected);
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:80', 'https://a.localhost'])(
    'keeps what is meant for this machine from every proxy: %s',
    (url) => {
      expect(proxyFor(new URL(url), { HTTP_PROXY: proxy, HTTPS_PROXY: proxy })).toBeUndefined();
    },
  );

  it.each([
    ['nmp.example.com', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['NMP.Example.COM', true],
    ['*', true],
    ['other.example, nmp.example.com:443', true],
    ['nmp.example.com:8443', false],
    ['ample.com', false],
    ['other.example', false],
    ['', false],
  ])('knows with NO_PROXY=%s whether to go directly: %s', (list, isDirect) => {
    const env = { HTTPS_PROXY: proxy, NO_PROXY: list };
    expect(proxyFor(new URL(https), env)).toBe(isDirect ? undefined : proxy);
  });

  it.each(['socks5://proxy.example', 'http://'])('refuses %s without repeating it', (value) => {
    expect(() => proxyFor(new URL(https), { HTTPS_PROXY: value })).toThrow(
      'HTTPS_PROXY names no http or https proxy. Correct it, or unset it',
    );
  });
});
