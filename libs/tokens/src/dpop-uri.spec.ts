import { describe, expect, it } from '@jest/globals';
import { comparableUri, requestUri } from './dpop-uri.js';

const uri = 'https://api.example.com/notes/~a';

describe('comparableUri', () => {
  it.each([
    uri,
    'HTTPS://API.example.COM/notes/~a',
    'https://api.example.com:443/notes/~a',
    'https://api.example.com/notes/%7ea',
    'https://api.example.com/notes/%7Ea',
    'https://api.example.com/x/../notes/./~a',
    'https://api.example.com/x/%2E%2e/notes/~a',
    'https://api.example.com/notes/~a?page=2',
    'https://api.example.com/notes/~a#part',
  ])('takes %s for the same', (other) => expect(comparableUri(other)).toBe(uri));

  it.each([
    'http://api.example.com/notes/~a',
    'https://api.example.com:8443/notes/~a',
    'https://api.example.org/notes/~a',
    'https://api.example.com/notes/~a/',
    'https://api.example.com/Notes/~a',
    'https://api.example.com//notes/~a',
    'https://api.example.com/notes%2F~a',
    'https://api.example.com./notes/~a',
  ])('takes %s for another', (other) => {
    expect(comparableUri(other)).toBeDefined();
    expect(comparableUri(other)).not.toBe(uri);
  });

  it('takes an address without a path for its root, and escapes for escapes in capitals', () => {
    expect(comparableUri('https://api.example.com')).toBe('https://api.example.com/');
    expect(comparableUri('https://api.example.com/a%2fb%c3%a4')).toBe('https://api.example.com/a%2Fb%C3%A4');
  });

  it.each([
    '',
    '/notes/~a',
    'api.example.com/notes/~a',
    'https:/api.example.com/notes',
    'https:///api.example.com/notes',
    'https:api.example.com/notes',
    'https://user@api.example.com/notes',
    'https://:secret@api.example.com/notes',
    'https://api.example.com\\notes',
    'https://api.example.com/no tes',
    'https://api.example.com/no\ttes',
    ' https://api.example.com/notes',
    'ftp://api.example.com/notes',
    'urn:example:notes',
    'https://api.example.com:port/',
  ])('takes %j for no address', (text) => expect(comparableUri(text)).toBeUndefined());
});

describe('requestUri', () => {
  it.each([
    ['https://api.example.com', '/notes?page=2', 'https://api.example.com/notes'],
    ['https://api.example.com/', '/', 'https://api.example.com/'],
    ['https://api.example.com/v1', '/notes', 'https://api.example.com/v1/notes'],
    ['https://api.example.com/v1/', '/notes', 'https://api.example.com/v1/notes'],
    ['https://api.example.com/v1', '/v1/notes', 'https://api.example.com/v1/notes'],
    ['https://api.example.com/v1', '/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1', '/v12/notes', 'https://api.example.com/v1/v12/notes'],
    ['https://api.example.com', '//evil.example/notes', 'https://api.example.com//evil.example/notes'],
    ['https://api.example.com', '/@evil.example/notes', 'https://api.example.com/@evil.example/notes'],
    ['http://localhost:8080', '/notes', 'http://localhost:8080/notes'],
    ['https://api.example.com', 'http://evil.example/notes?page=2', 'https://api.example.com/notes'],
    ['https://api.example.com/v1', 'https://api.example.com:443/v1/notes', 'https://api.example.com/v1/notes'],
    ['https://api.example.com', 'http://[::1]:80/', 'https://api.example.com/'],
    ['https://api.example.com', 'http://a.example//b.example/notes', 'https://api.example.com//b.example/notes'],
  ])('of %s and %s is %s', (publicUrl, target, expected) => {
    expect(requestUri(publicUrl, target)).toBe(expected);
  });

  it.each([
    'evil.example:443',
    '*',
    '',
    '/notes#part',
    '/no\\tes',
    'http://evil.example',
    'http://evil.example?/notes',
    'http://evil.example#/notes',
    'http://evil.example;/notes',
    'http://evil.example\\/notes',
    'http://somebody@evil.example/notes',
    'http:///notes',
    'ftp://evil.example/notes',
  ])('of the target %j is none', (target) => expect(requestUri('https://api.example.com', target)).toBeUndefined());
});
