import { expect, it } from '@jest/globals';
import { DecisionPointProbe } from './decision-point-probe.js';

it('asks once a second at most, and takes a refusal for a decision', async () => {
  let now = 0;
  let asked = 0;
  const hasRole = (): Promise<boolean> => {
    asked++;
    return asked === 1 ? Promise.resolve(false) : Promise.reject(new Error('away'));
  };
  const probe = new DecisionPointProbe({ hasRole }, { now: () => new Date(now) });
  expect(await Promise.all([probe.isDeciding(), probe.isDeciding()])).toEqual([true, true]);
  now = 999;
  expect([await probe.isDeciding(), asked]).toEqual([true, 1]);
  now = 1000;
  expect([await probe.isDeciding(), asked]).toEqual([false, 2]);
});
