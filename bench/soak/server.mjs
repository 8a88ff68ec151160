// The process under load: `server.mjs APPLICATION JSON`. It tells about its own memory and event loop when it is asked.
import 'reflect-metadata';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AuthModule, Principal, RequireScopes } from '@nmp/auth';
import { startNestApp } from '../nest.mjs';
import { answerQuestions } from './answer-questions.mjs';

const resolution = 10;
const applications = { library, platform };

const [name, json] = process.argv.slice(2);
const { url, pending } = await applications[name](JSON.parse(json));
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
process.send({ url });
answerQuestions({
  /** What is held on to. The time that this takes is not the application's, and not counted as such. */
  memory() {
    delay.disable();
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    delay.enable();
    return { heapBytes: heapUsed, rssBytes: rss };
  },
  /** How late the event loop was since it was last asked. */
  eventLoop() {
    const late = (percentile) => Math.max(0, delay.percentile(percentile) / 1e6 - resolution);
    const answer = { p50: late(50), p99: late(99), max: late(100) };
    delay.reset();
    return answer;
  },
  pending: () => ({ pending: pending?.() }),
});

/** One guarded route, with a cache so small that each token of the load is new to it. */
async function library({ issuer }) {
  const oidc = { issuer, clientId: 'nmp-cli', audience: 'nmp-platform' };
  const options = { oidc, cache: { max: 100 }, jwksCooldownSeconds: 1, maxPendingVerifications: 500 };
  const decorators = [(target, key) => Principal()(target, key, 0), RequireScopes('items:read')];
  return { url: await startNestApp('fastify', { imports: [AuthModule.forRoot(options)], decorators }) };
}

/** The platform as it starts by itself, with its log. */
async function platform({ configFile }) {
  const { loadConfig } = await import('../../dist/config/load-config.js');
  const { createPlatform, listen } = await import('../../dist/platform.factory.js');
  const { PlatformConsoleLogger } = await import('../../dist/platform-console.logger.js');
  const config = loadConfig({ NMP_CONFIG_FILE_PATH: configFile });
  const app = await createPlatform(config, { logger: new PlatformConsoleLogger() });
  return { url: await listen(app, config), pending: () => app.getHttpAdapter().pendingRequests };
}
