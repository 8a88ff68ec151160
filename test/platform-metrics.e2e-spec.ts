import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthEvents } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { MetricsServer } from '../src/metrics/metrics-server.js';
import { createPlatform, listen } from '../src/platform.factory.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';
import { PreparedData } from './support/prepared-data.js';

const whoami = '/apis/auth/v2/whoami';

let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('metrics', () => {
  it('are for everybody who reaches the service, in the text format of Prometheus', async () => {
    const { headers, text } = await nobody().request('get', '/metrics').expect(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} `, 'm'));
    }
  });

  it('count requests by the pattern of their route, their method and the class of their status', async () => {
    const alice = await ApiCaller.signedIn(app, issuer, { email: 'alice@example.com' });
    const before = await read();
    await alice.workspaces('get', '/default').expect(200);
    await alice.workspaces('get', '/nowhere').expect(403);
    await nobody().request('get', '/apis/nothing').expect(404);
    expect(await readSince(before)).toMatchObject({
      'nmp_http_requests_total{method="GET",route="/apis/entities/v2/workspaces/:name",status="2xx"}': 1,
      'nmp_http_requests_total{method="GET",route="/apis/entities/v2/workspaces/:name",status="4xx"}': 1,
      'nmp_http_requests_total{method="GET",route="none",status="4xx"}': 1,
      'nmp_http_request_duration_seconds_count{route="/apis/entities/v2/workspaces/:name"}': 2,
    });
  });

  it('have a count of those who were let in before there is one', async () => {
    const fresh = await startPlatform(platformConfig(issuer.issuer));
    const { text } = await ApiCaller.anonymous(fresh).request('get', '/metrics').expect(200);
    await fresh.close();
    expect(text).toContain('nmp_auth_authenticated_total{kind="access",transport="http",remembered="false"} 0');
  });

  it('count who was let in, who was refused and why, and what was remembered', async () => {
    const alice = await ApiCaller.signedIn(app, issuer, {});
    const stranger = await ApiCaller.signedIn(app, issuer, { audience: 'another-api' });
    const before = await read();
    for (let count = 0; count < 3; count++) await alice.request('get', whoami).expect(200);
    await stranger.request('get', whoami).expect(401);
    await nobody().request('get', whoami).expect(401);
    expect(await readSince(before)).toMatchObject({
      'nmp_auth_authenticated_total{kind="access",transport="http",remembered="false"}': 1,
      'nmp_auth_authenticated_total{kind="access",transport="http",remembered="true"}': 2,
      'nmp_auth_refused_total{code="token_audience",transport="http"}': 1,
      'nmp_auth_refused_total{code="missing_token",transport="http"}': 1,
    });
  });

  it('say how it is with keys, role bindings and decisions', async () => {
    const alice = await ApiCaller.signedIn(app, issuer, {});
    await alice.workspaces('get', '/default').expect(200);
    const series = await read();
    const labels = `issuer="${issuer.issuer}",kind="access"`;
    expect(series).toMatchObject({
      [`nmp_auth_keys_usable{${labels}}`]: 1,
      [`nmp_auth_keys{${labels}}`]: 1,
      [`nmp_auth_key_fetches_total{${labels},outcome="ok"}`]: expect.any(Number),
      [`nmp_auth_key_fetches_total{${labels},outcome="failed"}`]: 0,
      'nmp_policy_data_refreshes_total{outcome="failed"}': 0,
    });
    for (const name of [`nmp_auth_keys_age_seconds{${labels}}`, 'nmp_policy_data_age_seconds']) {
      expect(series[name]).toBeGreaterThanOrEqual(0);
    }
    expect(series['nmp_policy_data_refreshes_total{outcome="ok"}']).toBeGreaterThanOrEqual(1);
    expect(series['nmp_policy_decision_duration_seconds_count{engine="database"}']).toBeGreaterThanOrEqual(1);
  });

  it('have no more series after a flood of what strangers invent', async () => {
    const foreign = await startIssuer();
    const flood = async (from: number) => {
      for (let count = from; count < from + 20; count++) {
        await nobody().request('get', `/apis/invented-${count}`);
        await nobody().workspaces('get', `/invented-${count}`);
        const unlisted = await foreign.accessToken({ claims: { iss: `https://${count}.example.com` } });
        const unknown = await issuer.accessToken({ audience: 'nmp-platform', header: { kid: `invented-${count}` } });
        for (const token of [unlisted, unknown, `no-token-${count}-invented`]) {
          await nobody().request('get', whoami).set('Authorization', `Bearer ${token}`);
        }
        await nobody().request('get', '/health').set('X-Request-Id', `invented-${count}`);
      }
    };
    await read(); // which is a request itself
    await flood(0);
    const before = Object.keys(await read()).toSorted();
    await flood(100);
    const after = Object.keys(await read()).toSorted();
    await foreign.close();
    expect(after).toEqual(before);
    expect(after.join()).not.toContain('invented');
  });
});

describe('metrics elsewhere', () => {
  it('are left out, or have a port where there is nothing else', async () => {
    const config = platformConfig(issuer.issuer, { metrics: { enabled: true, host: '127.0.0.1', port: 0 } });
    const own = await startPlatform(config);
    await ApiCaller.anonymous(own).request('get', '/metrics').expect(404);
    const server = own.get(MetricsServer);
    const url = await server.listen(0, '127.0.0.1');
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('nmp_http_requests_total');
    expect((await fetch(new URL('/health', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    await own.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('are nowhere when they are switched off, and nobody counts', async () => {
    const config = platformConfig(issuer.issuer, { metrics: { enabled: false, host: '127.0.0.1', port: 0 } });
    const own = await startPlatform(config);
    await ApiCaller.anonymous(own).request('get', '/metrics').expect(404);
    expect(own.get(AuthEvents).isObserved).toBe(false);
    await own.close();
  });

  it('keep the service from starting when their port is taken, and name the setting', async () => {
    const port = Number(new URL(await app.getUrl()).port);
    const data = await PreparedData.make();
    const metrics = { enabled: true, host: '127.0.0.1', port };
    const config = platformConfig(issuer.issuer, { metrics, dataDir: data.directory });
    const second = await createPlatform(config, { logger: false });
    try {
      await expect(listen(second, config)).rejects.toThrow(/port is taken .*set metrics\.port or NMP_METRICS_PORT/);
    } finally {
      await second.close();
      data.remove();
    }
  });
});

function nobody(): ApiCaller {
  return ApiCaller.anonymous(app);
}

/** The series with their values, but those of the process. */
async function read(): Promise<Record<string, number>> {
  const { text } = await nobody().request('get', '/metrics').expect(200);
  const lines = text.split('\n').filter((line) => line.startsWith('nmp_'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

/** By how much they have grown. */
async function readSince(before: Record<string, number>): Promise<Record<string, number>> {
  const entries = Object.entries(await read()).map(([name, value]) => [name, value - (before[name] ?? 0)] as const);
  return Object.fromEntries(entries);
}
