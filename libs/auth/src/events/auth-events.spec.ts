import { describe, expect, it } from '@jest/globals';
import type { AuthEvent } from './auth-event.js';
import { AuthEvents } from './auth-events.js';

const recovered: AuthEvent = { type: 'issuer-recovered', issuer: 'https://idp.example.com' };

function start() {
  let nowMs = 0;
  const lines: string[] = [];
  const events = new AuthEvents({ error: (line) => void lines.push(line) }, { now: () => new Date(nowMs) });
  return { events, lines, pass: (seconds: number) => (nowMs += seconds * 1000) };
}

describe('AuthEvents', () => {
  it('tell everybody who listens, until they have heard enough', () => {
    const { events } = start();
    const heard: string[] = [];
    const listener = ({ type }: AuthEvent): void => void heard.push(type);
    expect(events.isObserved).toBe(false);
    const [stopFirst, stopSecond] = [events.subscribe(listener), events.subscribe(listener)];
    events.emit(recovered);
    expect(heard).toHaveLength(2);
    stopFirst();
    stopFirst();
    events.emit(recovered);
    expect(heard).toHaveLength(3);
    stopSecond();
    events.emit(recovered);
    expect([heard.length, events.isObserved]).toEqual([3, false]);
  });

  it('let a listener leave while they are told', () => {
    const { events } = start();
    const heard: string[] = [];
    const stop = events.subscribe(() => stop());
    events.subscribe(({ type }) => void heard.push(type));
    events.emit(recovered);
    expect(heard).toEqual(['issuer-recovered']);
  });

  it('go on to the others when a listener fails, and say so once a minute', async () => {
    const { events, lines, pass } = start();
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('first is broken');
    });
    const asynchronous = (): unknown => Promise.reject(new Error('second is broken'));
    events.subscribe(asynchronous);
    events.subscribe(({ type }) => void heard.push(type));
    events.emit(recovered);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toHaveLength(1);
    expect(lines).toEqual([
      expect.stringMatching(/^A listener of AuthEvents failed at "issuer-recovered": Error: first is broken\n/),
    ]);
    pass(60);
    events.emit(recovered);
    expect(lines[1]).toContain('(and 1 more since the last line like this): Error: first is broken');
  });
});
