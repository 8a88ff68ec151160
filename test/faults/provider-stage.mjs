import { equal } from 'node:assert/strict';
import { compiled } from '../interop/compiled.mjs';
import { root } from '../../scripts/process/root.mjs';
import { join } from 'node:path';
import { FaultyProvider } from './faulty-provider.mjs';

/** How long the service waits for a document of its provider; by default it is 5 s. */
const httpTimeoutMs = 1_500;

/** A service, its identity provider, and a clock that both go by. */
class ProviderStage {
  #now = Date.parse('2030-01-01T00:00:00Z');
  /** How long the slowest answer took, in milliseconds. */
  longestMs = 0;

  /**
   * @param {{ prepare?: (provider: FaultyProvider) => unknown, options?: object, offsetSeconds?: number, host?: string }} [given]
   *   `prepare` is done before the service starts; the provider's clock may differ from the service's
   */
  static async open({ prepare = () => {}, options = {}, offsetSeconds = 0, host } = {}) {
    const stage = new ProviderStage();
    const clock = { now: () => new Date(stage.#now) };
    const theirs = { now: () => new Date(stage.#now + offsetSeconds * 1000) };
    stage.provider = await FaultyProvider.start({ clock: theirs, host });
    await prepare(stage.provider);
    const { startGuardedApp } = await import(compiled(join(root, 'test', 'faults', 'guarded-app.ts')));
    const oidc = { issuer: stage.provider.name, clientId: 'nmp-cli', audience: 'models' };
    stage.app = await startGuardedApp({ httpTimeoutMs, cache: false, ...options, oidc }, clock);
    return stage;
  }

  advance(seconds) {
    this.#now += seconds * 1000;
  }

  /** Calls the service with a token. */
  async call(token) {
    const startedAt = performance.now();
    const answer = await fetch(`${this.app.url}/models`, { headers: { authorization: `Bearer ${token}` } });
    this.longestMs = Math.max(this.longestMs, performance.now() - startedAt);
    const { code } = await answer.json();
    return { status: answer.status, code, retryAfter: answer.headers.get('retry-after') };
  }

  /** Callers at once, each with a token of their own that nobody has seen before, and all must pass. */
  async passes(count = 20) {
    const tokens = await Promise.all(Array.from({ length: count }, () => this.provider.token()));
    for (const { status } of await Promise.all(tokens.map((token) => this.call(token)))) equal(status, 200);
  }

  /** The provider cannot be asked: that is neither the caller's fault nor said to be. */
  async isUnavailable(token) {
    const { status, code, retryAfter } = await this.call(token);
    equal(`${status} ${code}`, '503 issuer_unavailable');
    return Number(retryAfter);
  }

  /** Lets time pass, second by second, until the token is accepted. @returns how many seconds that took */
  async secondsUntilAccepted(token, limit = 600) {
    for (let seconds = 0; seconds <= limit; seconds += 1) {
      if ((await this.call(token)).status === 200) return seconds;
      this.advance(1);
    }
    throw new Error(`not accepted after ${limit} s`);
  }

  async close() {
    await this.app?.close();
    await this.provider.close();
  }
}

/** Opens a stage for as long as the work takes. */
export async function onStage(given, work) {
  const stage = await ProviderStage.open(given);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}
