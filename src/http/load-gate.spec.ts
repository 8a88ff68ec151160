import { describe, expect, it } from '@jest/globals';
import { LoadGate } from './load-gate.js';

describe('LoadGate', () => {
  const inTime = { isTooLong: false };

  it('takes as many requests as it has places, and another when one has left', () => {
    const gate = new LoadGate(2, inTime);
    const first = {};

    expect([first, {}, {}].map((request) => gate.enter(request)?.code)).toEqual([undefined, undefined, 'overloaded']);
    gate.leave(first);
    gate.leave(first); // an answer, and the end of its connection
    expect(gate.pending).toBe(1);
    expect(gate.enter({})).toBeUndefined();
  });

  it('gives the place of a request that waits for its body to others', () => {
    const gate = new LoadGate(1, inTime);
    const slow = {};
    gate.enter(slow);
    const isThere = gate.awaitBody(slow);

    expect(gate.enter({})).toBeUndefined();
    isThere();
    expect(gate.pending).toBe(2);
    expect(gate.enter({})).toMatchObject({ statusCode: 503 });
  });

  it('forgets a request whose connection ended while it waited', () => {
    const gate = new LoadGate(1, inTime);
    const gone = {};
    gate.enter(gone);
    const isOver = gate.awaitBody(gone);
    gate.leave(gone);
    isOver();
    gate.awaitBody(gone);

    expect(gate.pending).toBe(0);
  });

  it('takes none while the event loop is late, however many places there are', () => {
    const delay = { isTooLong: true };
    const gate = new LoadGate(0, delay);

    expect(gate.enter({})).toMatchObject({ statusCode: 503, code: 'overloaded' });
    delay.isTooLong = false;
    expect(gate.enter({})).toBeUndefined();
  });

  it('has no end of places where there is no limit', () => {
    const gate = new LoadGate(0, inTime);

    expect(Array.from({ length: 10 }, () => gate.enter({})).every((refusal) => refusal === undefined)).toBe(true);
  });
});
