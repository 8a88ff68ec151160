import { describe, expect, it } from '@jest/globals';
import { InvalidTokenError, MissingTokenError } from '@nmp/tokens';
import { RefusalLog } from './refusal-log.js';

describe('RefusalLog', () => {
  function start() {
    let now = 0;
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const log = new RefusalLog({ warn: write, debug: (line) => write(`debug ${line}`) }, { now: () => new Date(now) });
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
});
