import { describe, expect, it } from '@jest/globals';
import { parseBaseUrl } from './base-url.js';
import { InsecureUrlError } from './errors.js';

describe('parseBaseUrl', () => {
  it.each([
    ['https://nmp.example.com/', 'https://nmp.example.com'],
    ['HTTPS://NMP.example.com:443', 'https://nmp.example.com'],
    ['https://nmp.example.com/base//', 'https://nmp.example.com/base'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s becomes %s', (given, expected) => {
    expect(parseBaseUrl(given)).toBe(expected);
  });

  it.each([
    'http://nmp.example.com',
    'ftp://localhost',
    'localhost:8080',
    'nmp.example.com',
    '',
    'http://localhost.example.com',
  ])('refuses %j', (given) => {
    expect(() => parseBaseUrl(given)).toThrow(InsecureUrlError);
  });

  it('refuses an address with a password in it and does not repeat it', () => {
    expect(() => parseBaseUrl('https://alice:hunter2@nmp.example.com')).toThrow(/without them/);
    expect(() => parseBaseUrl('http://alice:hunter2@nmp.example.com')).toThrow(expect.not.stringContaining('hunter2'));
  });
});
