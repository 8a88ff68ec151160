import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { DecisionMetrics } from './decision-metrics.js';

it('measures decisions by who makes them, failures included, and gives them on as they are', async () => {
  const registry = new Registry();
  const metrics = new DecisionMetrics(registry);
  expect(metrics.measure('embedded', () => true)).toBe(true);
  expect(await metrics.measureAnswer('opa', () => Promise.resolve(false))).toBe(false);
  await expect(metrics.measureAnswer('opa', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(() =>
    metrics.measure('embedded', () => {
      throw new Error('broken');
    }),
  ).toThrow('broken');

  const text = await registry.metrics();
  expect(text).toContain('nmp_policy_decision_duration_seconds_count{engine="embedded"} 2');
  expect(text).toContain('nmp_policy_decision_duration_seconds_count{engine="opa"} 2');
});
