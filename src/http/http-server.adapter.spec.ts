import { expect, it } from '@jest/globals';
import { defaultHttpLimits } from './http-limits.js';
import { HttpServerAdapter } from './http-server.adapter.js';

it('may stop for as long as the requests under way are waited for, and some time more', () => {
  const { pluginTimeout } = new HttpServerAdapter().getInstance().initialConfig;
  const { drainMs, shutdownGraceMs } = defaultHttpLimits;
  expect(pluginTimeout).toBeGreaterThan(drainMs + shutdownGraceMs + 5_000);
});
