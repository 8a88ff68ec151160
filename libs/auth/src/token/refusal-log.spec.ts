import { describe, expect, it } from '@jest/globals';
import { type AuthError, InsufficientScopeError, InvalidTokenError, MissingTokenError } from '@nmp/tokens';
import { RefusalLog } from './refusal-log.js';

describe('RefusalLog', () => {
  function start(explanation?: (error: AuthError) => string) {
    let now = 0;
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const sink = { warn: write, debug: (line: string) => write(`debug ${line}`) };
    const log = new RefusalLog(sink, { now: () => new Date(now) }, explanation);
    return { log, lines, advance: (ms: number) => (now += ms) };
  }

  it('writes each kind of refusal once a minute and counts the others', () => {
    const { log, lines, advance } = start();
    for (let at = 0; at < 50; at++) log.note(new InvalidTokenError('issuer', 'from https://other.example'));
    log.note(new InvalidTokenError('audience'));
    advance(60_000);
    log.note(new InvalidTokenError('issuer', 'from https://other.example'));
    expect(lines).toEqual([
      'token_issuer: from https://other.example',
      'token_audience: it was issued for another audience',
      'token_issuer: from https://other.example (and 49 more like it in the last minute)',
    ]);
  });

  it('counts refusals that differ only in the words of their tokens together', () => {
    const { log, lines } = start();
    for (let at = 0; at < 50; at++)
      log.note(new InvalidTokenError('issuer', `from "https://${at}.example", not trusted`));
    expect(lines).toEqual(['token_issuer: from "https://0.example", not trusted']);
  });

  it.each([
    ['a quote', (at: number) => `z"${at}`],
    ['a backslash', (at: number) => `${at}\\`],
    ['both', (at: number) => `\\"${at}\\\\"${at}`],
    ['a line', (at: number) => `"\n${at}`],
  ])('counts them together also where such a word has %s in it', (_what, word) => {
    const { log, lines } = start();
    for (let at = 0; at < 150; at++) {
      log.note(new InvalidTokenError('algorithm', `the algorithm ${JSON.stringify(word(at))} is not accepted`));
      log.note(new InvalidTokenError('issuer', `from ${JSON.stringify(word(at)).slice(0, -1)}`)); // cut off
    }
    expect(lines).toHaveLength(2);
  });

  it('writes a hundred lines in a minute, and one that says so', () => {
    const { log, lines, advance } = start();
    const flood = (): void => {
      for (let at = 0; at < 1000; at++) log.note(new InvalidTokenError('issuer', `from ${at}.example`));
    };
    flood();
    expect([lines.length, lines.at(-1)]).toEqual([
      101,
      'More than 100 kinds of refusals within a minute: the others of it are left out',
    ]);
    flood();
    advance(59_999);
    flood();
    expect(lines).toHaveLength(101);
    advance(1);
    log.note(new InvalidTokenError('audience'));
    expect(lines.slice(101)).toEqual(['token_audience: it was issued for another audience']);
  });

  it('leaves the lines of the others alone where those that are whispered are too many', () => {
    const { log, lines } = start();
    for (let at = 0; at < 1000; at++) log.note(new InvalidTokenError('expired', `it expired ${at} seconds ago`));
    log.note(new InvalidTokenError('audience'));
    expect(lines.at(-1)).toBe('token_audience: it was issued for another audience');
  });

  it('forgets the oldest kind alone when there are too many', () => {
    const { log, lines, advance } = start();
    const note = (at: number): void => log.note(new InvalidTokenError('issuer', `from ${at}.example`));
    for (let at = 0; at < 100; at++) note(at);
    note(99);
    advance(60_000);
    note(0);
    note(100); // 1 is forgotten for it
    note(99);
    expect(lines.slice(-1)).toEqual(['token_issuer: from 99.example (and 1 more like it in the last minute)']);
  });

  it('writes controls out of a token as codes', () => {
    const { log, lines } = start();
    log.note(new InvalidTokenError('issuer', 'from \u009b31m\u202e'));
    expect(lines).toEqual(['token_issuer: from \\u{9b}31m\\u{202e}']);
  });

  it('says nothing of requests without a token and whispers of expired ones', () => {
    const { log, lines } = start();
    log.note(new MissingTokenError());
    log.note(new InvalidTokenError('expired'));
    log.note(new InvalidTokenError('inactive'));
    expect(lines).toEqual([
      'debug token_expired: it has expired',
      'debug token_inactive: its issuer does not know it, or no longer',
    ]);
  });

  it('counts those together that differ only in how late they come', () => {
    const { log, lines } = start();
    for (let at = 0; at < 50; at++) log.note(new InvalidTokenError('not_yet_valid', `"nbf" is in ${at} s`));
    expect(lines).toEqual(['token_not_yet_valid: "nbf" is in 0 s']);
  });

  it('cuts a message that is too long', () => {
    const { log, lines } = start();
    log.note(new InvalidTokenError('claims', 'x'.repeat(10_000)));
    expect(lines).toEqual([`token_claims: ${'x'.repeat(1500)}…`]);
  });

  it('leaves to the answer what lacks a scope', () => {
    const { log, lines } = start();
    log.explain(new InsufficientScopeError(['a:read']));
    log.explain(new MissingTokenError());
    expect(lines).toEqual([]);
  });

  describe('in development', () => {
    const explaining = () => start(({ code }) => `→ see ${code}`);

    it('explains every refusal once, where it happens or where it is answered', () => {
      const { log, lines } = explaining();
      const noted = new InvalidTokenError('expired');
      log.note(noted);
      log.explain(noted);
      log.explain(new MissingTokenError('none'));
      log.noteEvent(new InsufficientScopeError(['a:read'])); // which was explained before
      expect(lines).toEqual([
        'token_expired: it has expired → see token_expired',
        'missing_token: none → see missing_token',
      ]);
    });

    it('leaves a line like the last out for ten seconds, and counts it', () => {
      const { log, lines, advance } = explaining();
      for (let at = 0; at < 3; at++) log.explain(new MissingTokenError('none'));
      advance(10_000);
      log.explain(new MissingTokenError('none'));
      expect(lines).toEqual([
        'missing_token: none → see missing_token',
        'missing_token: none (and 2 more like it in the last 10 seconds) → see missing_token',
      ]);
    });

    it('tells of an error that is thrown again, when it is its time', () => {
      const { log, lines, advance } = explaining();
      const remembered = new InvalidTokenError('inactive');
      log.note(remembered);
      advance(10_000);
      log.note(remembered);
      expect(lines).toHaveLength(2);
    });
  });
});
