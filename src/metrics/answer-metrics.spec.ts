import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { AnswerMetrics } from './answer-metrics.js';

it('counts methods nobody knows as one, and what is not even a request', async () => {
  const registry = new Registry();
  const metrics = new AnswerMetrics(registry);
  for (const method of ['PROPFIND', 'BREW', '']) {
    metrics.note({ method, route: undefined, statusCode: 400, seconds: 0 });
  }
  metrics.note({ method: 'GET', route: '/x', statusCode: 429, seconds: 0 });

  const text = await registry.metrics();
  expect(text).toContain('nmp_http_requests_total{method="other",route="none",status="4xx"} 3');
  expect(text).toContain('nmp_http_rate_limited_total 1');
});
