import { describe, expect, it } from '@jest/globals';
import { printable } from './text.js';

describe('printable', () => {
  it('takes out what could move the cursor, colour the screen or turn text around', () => {
    expect(printable('a\u001b[31mb\u0007\r\nc\u009b1md\u202ee')).toBe('a [31mb c 1md e');
  });

  it('leaves letters of every script alone', () => {
    expect(printable('Zoë – 東京 ✓')).toBe('Zoë – 東京 ✓');
  });

  it('cuts what is too long', () => {
    expect(printable('x'.repeat(500), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});
