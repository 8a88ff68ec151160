import { describe, expect, it } from '@jest/globals';
import { isAuthError, parseAuthorization } from '@nmp/tokens';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';

const schemes = ['bearer', 'dpop'] as const;
const telling = ['Bearer', 'bearer', 'DPoP', 'Basic', ' ', '\t', '\u00a0', ',', '=', 'a.b.c', '\r\n', '\0', '%00', '"'];
const pieces = fc.oneof(
  fc.constantFrom(...telling),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const headers = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));

describe('the parser of Authorization headers', () => {
  it('gives exactly the token that was sent, or refuses', async () => {
    await fuzz({
      name: 'authorization-header',
      inputs: fc.oneof({ weight: 9, arbitrary: headers }, fc.array(headers, { maxLength: 3 })),
      runs: 3_000,
      holds: (header) => {
        const parsed = outcomeOf(header);
        if (parsed instanceof Error) {
          expect(isAuthError(parsed)).toBe(true);
          return;
        }
        const { scheme, token } = parsed;
        const sent = typeof header === 'string' ? header : header[0];
        expect(token).toMatch(/^[\w\-.~+/]+=*$/);
        expect(sent?.slice(0, scheme.length).toLowerCase()).toBe(scheme);
        expect(sent?.slice(scheme.length)).toBe(` ${token}`);
      },
    });
  });
});

function outcomeOf(header: string | string[]): ReturnType<typeof parseAuthorization> | Error {
  try {
    return parseAuthorization(header, schemes);
  } catch (error) {
    return error as Error; // judged by the caller
  }
}
