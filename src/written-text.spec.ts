import { describe, expect, it } from '@jest/globals';
import { writtenName, writtenText } from './written-text.js';

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

describe('writtenText', () => {
  it.each([
    ['a line\nanother\r\n', 'a line another  '],
    ['\u0000\u001b[31mred\u007f\u0085', '  [31mred  '],
    ['a\u202egnp.exe', 'a gnp.exe'],
    ['a\u2028b\u2066c', 'a b c'],
    ['\ud800 alone', '\ufffd alone'],
    ['Zoë 😀 東京', 'Zoë 😀 東京'],
  ])('makes %j printable', (text, expected) => {
    expect(writtenText(text)).toBe(expected);
  });

  it.each([
    `/workspaces/${token}/members`,
    `/workspaces/${token.slice(0, 20)}`,
    `Bearer ${token}`,
    `/workspaces/${token.replace('e', '%65')}`,
    `/workspaces/${token.replace('J', '%4a').replace('.', '%2E')}/100%25`,
    `/a/Bearer%20opaque-secret-of-somebody`,
    `Basic b3BhcXVlLXNlY3JldC1vZi1zb21lYm9keQ==`,
  ])('hides the token in %s', (text) => {
    const shown = writtenText(text);
    expect(shown).toContain('[hidden]');
    expect(shown).not.toMatch(/eyJ|opaque-secret|b3BhcX/);
  });

  it('hides a token that a word runs into', () => {
    expect(writtenText(`x${token}`)).toBe('x[hidden]');
  });

  it.each(['/members/AshleyJohnson-Smith', '/members/basic+newsletter2024@example.com'])(
    'shows the name in %s',
    (path) => {
      expect(writtenText(path)).toBe(path);
    },
  );

  it.each(['Missing bearer token', 'basic-plan', 'https://idp.example.com', 'enjoy', 'alice@example.com'])(
    'leaves %s as it is',
    (text) => {
      expect(writtenText(text)).toBe(text);
    },
  );

  it('cuts what is too long, never through a character, and says so', () => {
    expect(writtenText('x'.repeat(10_000))).toBe(`${'x'.repeat(255)}…`);
    expect(writtenText('😀'.repeat(20), 10)).toBe(`${'😀'.repeat(9)}…`);
    expect(writtenText('x'.repeat(256))).toBe('x'.repeat(256));
  });

  it('hides a token also where the text is cut within it', () => {
    expect(writtenText(`${'x'.repeat(240)}${token}`)).not.toContain('eyJ');
  });
});

describe('writtenName', () => {
  it.each([
    'm.bearer+aaaaaaaaaaaaaaaa@example.com',
    'basic+newsletter2024@example.com',
    'group:SurveyJobs-readers',
    token,
  ])('hides nothing of %s', (name) => {
    expect(writtenName(name)).toBe(name);
  });

  it('is printable and of limited length', () => {
    expect(writtenName('a\u202eb\nc')).toBe('a b c');
    expect(writtenName('x'.repeat(300))).toHaveLength(256);
  });
});
