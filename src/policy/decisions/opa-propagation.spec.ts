import { describe, expect, it } from '@jest/globals';
import type { PolicyCaller } from '@nmp/tokens';
import { OpaPropagation } from './opa-propagation.js';

const expected = { principal: 'alice@example.com', workspace: 'ml', roles: { Editor: true, Viewer: false } };

describe('OpaPropagation', () => {
  it('asks until every role is as it is to be', async () => {
    const { opa, asked, waited } = given([{ Viewer: true }, {}, { Editor: true }]);
    await expect(opa.isConfirmed(expected)).resolves.toBe(true);
    expect(waited).toEqual([1000, 1000]);
    expect(asked.at(-1)).toMatchObject({ kind: 'user', email: 'alice@example.com', groups: [] });
  });

  it('gives up in time, and while nobody answers', async () => {
    await expect(given([]).opa.isConfirmed(expected)).resolves.toBe(false);
    const silent = given([], () => Promise.reject(new Error('gone'))).opa;
    await expect(silent.isConfirmed(expected)).resolves.toBe(false);
  });

  it('counts the time that answers take', async () => {
    const { opa, asked, spend } = given([], async () => {
      spend(2500);
      return false;
    });
    await expect(opa.isConfirmed(expected)).resolves.toBe(false);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['group:team-ml', { groups: ['team-ml'] }],
    ['service:jobs', { kind: 'service', id: 'service:jobs' }],
    ['5f2f7a0c', { kind: 'user', id: '5f2f7a0c' }],
  ])('asks for %s as %j', async (principal, caller) => {
    const { opa, asked } = given([{ Editor: true }]);
    await opa.isConfirmed({ ...expected, principal });
    expect(asked[0]).toMatchObject(caller);
  });

  it('cannot ask for everybody', async () => {
    const { opa, asked } = given([{ Editor: true }]);
    await expect(opa.isConfirmed({ ...expected, principal: '*' })).resolves.toBe(false);
    expect(asked).toEqual([]);
  });
});

const times = { pollMs: 1000, timeoutMs: 5000 };

/** An Open Policy Agent that knows the roles of one state after the other, from one wait to the next. */
function given(states: readonly Readonly<Record<string, boolean>>[], answer?: () => Promise<boolean>) {
  const asked: PolicyCaller[] = [];
  const waited: number[] = [];
  const hasRole = async (caller: PolicyCaller, _workspace: string, role: string): Promise<boolean> => {
    asked.push(caller);
    return answer === undefined ? (states[waited.length]?.[role] ?? false) : answer();
  };
  let nowMs = Date.parse('2030-01-01T00:00:00Z');
  const spend = (milliseconds: number): void => {
    nowMs += milliseconds;
  };
  const sleep = async (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    spend(milliseconds);
  };
  const clock = { now: () => new Date(nowMs) };
  return { opa: new OpaPropagation({ hasRole }, times, sleep, clock), asked, waited, spend };
}
