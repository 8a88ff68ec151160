import { expect } from '@jest/globals';
import { JwtStrategy } from '@nmp/auth';
import { insufficientScope, invalid, refusedByParser } from '../answers.js';
import type { Row } from '../prove.js';
import type { Asked } from '../stage.js';

const lines = (...written: string[]): Asked => ({ lines: written });

/** What a token may say of itself that would break out of a header or a log line. */
const hostile = '"\\\r\nX-Injected: 1\u001b[31mé';

/** Tokens of odd length, form and content. */
export const parsingRows: Row[] = [
  {
    id: 'T17',
    what: 'a header too long for the server',
    attack: () => ({ token: `eyJ${'a'.repeat(70_000)}.e30.e30` }),
    answer: refusedByParser,
    neighbour: (stage) => [stage.token(), stage.token({ claims: { note: 'x'.repeat(10_000) } })],
  },
  {
    id: 'T17',
    what: 'a token longer than 16,384 characters, where the server lets it in',
    attack: (stage) => {
      const strategy = stage.get(JwtStrategy);
      const run = async (token: string): Promise<unknown> =>
        strategy.run({ headers: { authorization: `Bearer ${token}` } });
      return expect(run(`${'a'.repeat(16_000)}.${'b'.repeat(380)}.cc`)).rejects.toMatchObject({
        code: 'token_malformed',
      });
    },
    answer: invalid('malformed'),
  },
  {
    id: 'T18',
    what: 'one, two, four, five or ten thousand parts, or empty ones',
    attack: async (stage) => {
      const [header = '', claims = '', signature = ''] = (await stage.token()).split('.');
      return [
        header,
        `${header}.${claims}`,
        `${header}.${claims}.${signature}.${signature}`,
        `${header}.${claims}.${signature}.`,
        `.${header}.${claims}.${signature}`,
        `${header}.${claims}.${signature}.${claims}.${signature}`,
        `${header}..${signature}`,
        `.${claims}.${signature}`,
        '..',
        '.'.repeat(10_000),
      ];
    },
    answer: invalid('malformed'),
    silent: true,
  },
  {
    id: 'T19',
    what: 'a carriage return or NUL inside a value',
    attack: async (stage) => {
      const token = await stage.token();
      return [
        lines(`Authorization: Bearer ${token}\u0000`),
        lines(`Authorization: Bearer\u0000${token}`),
        lines(`Authorization: Bearer ${token}\rX-Injected: 1`),
      ];
    },
    answer: refusedByParser,
  },
  {
    id: 'T20',
    what: 'quotes, backslashes, line ends and escape sequences out of a token reach neither header nor log',
    attack: async (stage) => {
      const tokens = [
        { claims: { iss: `https://evil.example/${hostile}` } },
        { claims: { aud: hostile } },
        { claims: { aud: [hostile, hostile] } },
        { header: { kid: hostile } },
        { header: { alg: hostile } },
        { header: { typ: hostile } },
        { claims: { token_use: hostile } },
        { claims: { sub: hostile } },
        { claims: { exp: hostile } },
        { claims: { [hostile]: 1, exp: undefined } },
      ];
      for (const input of tokens) {
        const { status, headers } = await stage.ask(await stage.token(input));
        expect(status).toBe(401);
        expect(headers.map(([name]) => name)).not.toContain('x-injected');
        const challenges = headers.filter(([name]) => name === 'www-authenticate');
        expect(challenges).toEqual([['www-authenticate', expect.stringMatching(/^[\x20-\x5B\x5D-\x7E]+$/)]]);
        expect(challenges.join('')).not.toContain('Injected');
      }
      // eslint-disable-next-line no-control-regex -- control characters are what it looks for
      for (const line of stage.lines) expect(line).not.toMatch(/[\u0000-\u001F\u007F]/);
    },
    answer: invalid('claims'),
    neighbour: (stage) => [stage.token({ claims: { note: hostile } }), stage.token({ header: { note: hostile } })],
  },
  {
    id: 'T20',
    what: 'what terminals and log viewers take for a control (U+0080–U+009F, U+2028, U+202E) does not reach the log either',
    attack: async (stage) => {
      const odd = '\u009B31m\u0085\u2028\u2029\u202E';
      for (const input of [{ claims: { iss: odd } }, { claims: { aud: odd } }, { header: { alg: odd } }]) {
        expect((await stage.ask(await stage.token(input))).status).toBe(401);
      }
      for (const line of stage.lines) expect(line).not.toMatch(/[\u0080-\u009F\u2028\u2029\u202E]/);
    },
    answer: invalid('issuer'),
  },
  {
    id: 'T20',
    what: 'a refusal for lack of scope says nothing of the scopes the token has',
    attack: async (stage) => ({ path: '/orders', token: await stage.token({ scope: hostile }) }),
    answer: insufficientScope,
    neighbour: async (stage) => ({ path: '/orders', token: await stage.token({ scope: `${hostile} orders:read` }) }),
  },
];
