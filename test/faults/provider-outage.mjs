import { equal, ok } from 'node:assert/strict';
import { onStage } from './provider-stage.mjs';

const cooldownSeconds = 30;

/**
 * A provider that fails: while its keys are held, and from the start.
 *
 * @param {{ begin: (provider: import('./faulty-provider.mjs').FaultyProvider) => unknown, end: (provider: import('./faulty-provider.mjs').FaultyProvider) => unknown, lastsSeconds?: number, options?: object, host?: string }} fault
 */
export async function outage(fault) {
  const held = await withKeys(fault);
  const without = await withoutKeys(fault);
  return {
    saw: `keys held: 200 (slowest ${held.ms} ms); other keys, or none held: 503 with Retry-After (slowest ${Math.max(held.slowMs, without.ms)} ms)`,
    lasted: `while it is away, and at most a cool-down longer: ${held.seconds} s with keys held, ${without.seconds} s without`,
    recovered: 'all of it',
    lost: 'nothing',
  };
}

/** The provider has been away since before the service started. */
export async function withoutKeys({ begin, end, options, host }) {
  return onStage({ prepare: begin, options, host }, async (stage) => {
    const { provider } = stage;
    const token = await provider.token();
    let retryAfter = 0;
    // It is asked more and more rarely, until it is asked once in a cool-down.
    while (retryAfter < cooldownSeconds) {
      stage.advance(retryAfter);
      retryAfter = await stage.isUnavailable(token);
      ok(retryAfter >= 1 && retryAfter <= cooldownSeconds, `Retry-After: ${retryAfter}`);
    }
    equal((await fetch(`${stage.app.url}/open`)).status, 200);
    const ms = Math.round(stage.longestMs);
    await end(provider);
    const seconds = await stage.secondsUntilAccepted(token, cooldownSeconds);
    await stage.passes();
    return { ms, seconds };
  });
}

async function withKeys({ begin, end, lastsSeconds = 700, options, host }) {
  return onStage({ options, host }, async (stage) => {
    const { provider } = stage;
    await stage.passes();
    await begin(provider);
    // Longer than keys are fresh, so that they are asked for in vain.
    stage.advance(lastsSeconds);
    stage.longestMs = 0;
    await stage.passes();
    stage.advance(cooldownSeconds);
    await stage.passes();
    const ms = Math.round(stage.longestMs);
    const usual = await provider.token();
    await provider.issuer.rotateKeys();
    const fresh = await provider.token();
    stage.longestMs = 0;
    ok((await stage.isUnavailable(fresh)) <= cooldownSeconds);
    const slowMs = Math.round(stage.longestMs);
    await end(provider);
    const seconds = await stage.secondsUntilAccepted(fresh, cooldownSeconds);
    await stage.passes();
    ok((await stage.call(usual)).status === 200);
    return { ms, slowMs, seconds };
  });
}
